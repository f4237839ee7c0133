/**
 * Removing the symmetries of weight space: permutation alignment of many networks to one reference by weight matching,
 * and the canonical form that removes neuron scaling and the temperature of the last layer. Sources: Ainsworth et al.,
 * "Git Re-Basin" (2023); Pittorino et al., "Deep Networks on Toroids" (2022).
 */
@NullMarked
package dev.zooflow.rebasin;

import org.jspecify.annotations.NullMarked;
