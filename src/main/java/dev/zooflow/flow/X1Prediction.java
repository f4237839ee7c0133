package dev.zooflow.flow;

import ai.djl.ndarray.NDArray;
import dev.zooflow.flow.path.PathSample;

/**
 * The network predicts the end point x̂1, constrained as the space asks. Seen from xt it is the vector log_{xt}(x̂1), in
 * flat space x̂1 − xt; the residual is its difference to log_{xt}(x1), and the velocity is log_{xt}(x̂1)/(1−t).
 *
 * <p>On a curved manifold the logarithm is the ambient one: the prediction that minimises the squared residual then gives
 * E[log_{xt}(x1) | xt]/(1−t), which is the marginal velocity of the flow (Chen &amp; Lipman, ICLR 2024, eq. 8).
 *
 * @param space geometry of the flow
 */
public record X1Prediction(FlowSpace space) implements Objective {

    @Override
    public NDArray residual(PathSample sample, NDArray output) {
        return towards(sample.xt(), output).sub(space.path().logmap(sample.xt(), sample.x1()));
    }

    @Override
    public NDArray velocity(NDArray xt, NDArray t, NDArray output) {
        return towards(xt, output).div(t.neg().add(1));
    }

    private NDArray towards(NDArray xt, NDArray output) {
        return space.path().ambientLogmap(xt, space.prediction().projx(output));
    }
}
