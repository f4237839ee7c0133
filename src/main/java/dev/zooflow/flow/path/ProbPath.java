package dev.zooflow.flow.path;

import ai.djl.ndarray.NDArray;

/** A conditional probability path p_t(x | x0, x1). */
public interface ProbPath {

    /**
     * Samples the path at given times.
     *
     * @param x0 [B, P]
     * @param x1 [B, P]
     * @param t [B, 1] in [0, 1)
     * @param noise standard normal, [B, P]
     */
    PathSample sample(NDArray x0, NDArray x1, NDArray t, NDArray noise);
}
