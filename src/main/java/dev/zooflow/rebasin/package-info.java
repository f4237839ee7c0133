/**
 * Removing the symmetries of weight space: permutation alignment of many networks to one reference by weight matching or
 * Sinkhorn re-basin, and the canonical form that removes neuron scaling and the temperature of the last layer. Sources:
 * Ainsworth et al., "Git Re-Basin" (2023); Peña et al., "Re-basin via implicit Sinkhorn differentiation" (2023);
 * Pittorino et al., "Deep Networks on Toroids" (2022).
 */
@NullMarked
package dev.zooflow.rebasin;

import org.jspecify.annotations.NullMarked;
