package dev.zooflow.flow;

import ai.djl.ndarray.NDArray;

/** A time-dependent vector field on weight space. */
@FunctionalInterface
public interface VelocityField {

    /**
     * Velocity at points and times.
     *
     * @param x [B, P]
     * @param t [B, 1] in [0, 1)
     * @return [B, P], tangent at x
     */
    NDArray velocity(NDArray x, NDArray t);
}
