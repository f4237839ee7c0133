package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import dev.zooflow.tensor.Seed;

/**
 * The loss of many networks on their task's training examples, differentiable in the weights. Networks do not interact.
 */
@FunctionalInterface
public interface BatchLoss {

    /**
     * The loss of each network on one mini-batch, which is the same for all.
     *
     * @param theta [n, D]
     * @param seed of the mini-batch
     * @return [n]
     */
    NDArray of(NDArray theta, Seed seed);
}
