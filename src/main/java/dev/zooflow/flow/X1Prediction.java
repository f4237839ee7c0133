package dev.zooflow.flow;

import ai.djl.ndarray.NDArray;
import dev.zooflow.flow.path.PathSample;

/**
 * The network predicts the end point: x̂1 is the output projected to the data's manifold, the residual is x̂1 − x1, and the
 * velocity is log_{xt}(x̂1)/(1−t), in flat space (x̂1 − xt)/(1−t).
 *
 * @param space geometry of the flow
 */
public record X1Prediction(FlowSpace space) implements Objective {

    @Override
    public NDArray residual(PathSample sample, NDArray output) {
        return space.points().projx(output).sub(sample.x1());
    }

    @Override
    public NDArray velocity(NDArray xt, NDArray t, NDArray output) {
        return space.path().logmap(xt, space.points().projx(output)).div(t.neg().add(1));
    }
}
