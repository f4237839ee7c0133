/**
 * Optimal transport between finite sets: the exact linear assignment and the mini-batch coupling of flow matching that
 * is built on it. Sources: Peyré and Cuturi, "Computational Optimal Transport" (2019), sections 2 and 3; Tong et al.,
 * "Improving and generalizing flow-based generative models with minibatch optimal transport" (2024).
 */
@NullMarked
package dev.zooflow.transport;

import org.jspecify.annotations.NullMarked;
