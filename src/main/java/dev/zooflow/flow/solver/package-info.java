/**
 * Integration of a velocity field on any manifold, deterministic or with noise: Runge–Kutta methods are data, and one
 * solver takes given steps, another chooses them.
 */
@NullMarked
package dev.zooflow.flow.solver;

import org.jspecify.annotations.NullMarked;
