package dev.zooflow.flow.guidance;

import ai.djl.ndarray.NDArray;

/** An objective of networks that guidance lowers. */
@FunctionalInterface
public interface Guide {

    /**
     * The gradient of each network's objective.
     *
     * @param theta weights [B, D]
     * @param step number of the evaluation, from 0, for objectives on changing data
     * @return [B, D]
     */
    NDArray gradient(NDArray theta, int step);
}
