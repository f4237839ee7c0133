/**
 * Riemannian manifolds on which flows over weights live: Euclidean space, the unit sphere and products of them. One
 * contract, batched NDArray operations, finite values and gradients everywhere. Sources: Absil, Mahony, Sepulchre,
 * "Optimization Algorithms on Matrix Manifolds" (2008); Kochurov et al., "Geoopt" (2020).
 */
@NullMarked
package dev.zooflow.manifold;

import org.jspecify.annotations.NullMarked;
