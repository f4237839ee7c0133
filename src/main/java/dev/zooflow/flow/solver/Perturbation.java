package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import dev.zooflow.manifold.Manifold;

/** What moves points before a step, other than the field. */
@FunctionalInterface
public interface Perturbation {

    /** Nothing: the integration is deterministic. */
    Perturbation NONE = (manifold, x, t, step) -> x;

    /**
     * Where a step starts instead of at x.
     *
     * @param x [B, P]
     * @param t time at which the step starts
     * @param step its number, from 0
     * @return [B, P], on the manifold
     */
    NDArray apply(Manifold manifold, NDArray x, double t, int step);
}
