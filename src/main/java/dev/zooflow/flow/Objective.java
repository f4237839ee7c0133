package dev.zooflow.flow;

import ai.djl.ndarray.NDArray;
import dev.zooflow.flow.path.PathSample;

/**
 * What a network's output means: how far it is from the truth in training, and which velocity it gives in sampling.
 *
 * <p>Legend: B batch, P coordinates.
 */
public sealed interface Objective permits X1Prediction, VelocityPrediction {

    /** Difference between the (constrained) output and its target, [B, P]; differentiable in the output. */
    NDArray residual(PathSample sample, NDArray output);

    /**
     * The velocity that an output stands for.
     *
     * @param xt [B, P]
     * @param t [B, 1] in [0, 1)
     * @param output [B, P]
     * @return [B, P], tangent at xt
     */
    NDArray velocity(NDArray xt, NDArray t, NDArray output);
}
