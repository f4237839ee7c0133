/**
 * Optimal transport between finite sets: the exact linear assignment, the mini-batch coupling of flow matching that is
 * built on it, and entropic plans by Sinkhorn's iterations. Sources: Peyré and Cuturi, "Computational Optimal Transport"
 * (2019), sections 2 to 4; Cuturi, "Sinkhorn distances" (2013); Adams and Zemel, "Ranking via Sinkhorn propagation"
 * (2011); Tong et al., "Improving and generalizing flow-based generative models with minibatch optimal transport" (2024).
 */
@NullMarked
package dev.zooflow.transport;

import org.jspecify.annotations.NullMarked;
