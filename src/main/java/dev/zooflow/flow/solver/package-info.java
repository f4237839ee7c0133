/**
 * Integration of a velocity field from t = 0 to t = 1 on any manifold, deterministic or with noise.
 */
@NullMarked
package dev.zooflow.flow.solver;

import org.jspecify.annotations.NullMarked;
