package dev.zooflow.flow;

import ai.djl.ndarray.NDArray;
import dev.zooflow.flow.path.PathSample;

/**
 * The network predicts the velocity: v̂ is the output projected to the tangent space at xt, the residual is v̂ − dxt.
 *
 * @param space geometry of the flow
 */
public record VelocityPrediction(FlowSpace space) implements Objective {

    @Override
    public NDArray residual(PathSample sample, NDArray output) {
        return space.path().proju(sample.xt(), output).sub(sample.dxt());
    }

    @Override
    public NDArray velocity(NDArray xt, NDArray t, NDArray output) {
        return space.path().proju(xt, output);
    }
}
