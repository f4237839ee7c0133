package dev.zooflow.flow.path;

import ai.djl.ndarray.NDArray;
import dev.zooflow.tensor.Autograd;

/**
 * The straight path xt = (1−t) x0 + t x1 + σ ε with velocity x1 − x0 (Lipman et al., ICLR 2023; Tong et al., TMLR 2024).
 *
 * @param sigma standard deviation of the noise, ≥ 0
 */
public record AffineProbPath(double sigma) implements ProbPath {

    @Override
    public PathSample sample(NDArray x0, NDArray x1, NDArray t, NDArray noise) {
        NDArray dxt = x1.sub(x0);
        NDArray xt = x0.add(dxt.mul(t));
        if (sigma > 0) {
            xt = xt.add(Autograd.scale(noise, sigma));
        }
        return new PathSample(x0, x1, t, xt, dxt);
    }
}
