package dev.zooflow.flow.path;

import ai.djl.ndarray.NDArray;
import dev.zooflow.manifold.Manifold;

/**
 * The geodesic path xt = exp_{x0}(t log_{x0} x1) (Chen &amp; Lipman, ICLR 2024).
 *
 * <p>Its velocity log_{xt}(x1)/(1−t) is computed as the transport of log_{x0} x1 along the geodesic, which is the same
 * vector and stays exact as t → 1. The path is deterministic: {@code noise} is not used.
 *
 * @param manifold on which x0 and x1 lie
 */
public record GeodesicProbPath(Manifold manifold) implements ProbPath {

    @Override
    public PathSample sample(NDArray x0, NDArray x1, NDArray t, NDArray noise) {
        NDArray u = manifold.logmap(x0, x1);
        NDArray xt = manifold.expmap(x0, u.mul(t));
        return new PathSample(x0, x1, t, xt, manifold.transp(x0, xt, u));
    }
}
