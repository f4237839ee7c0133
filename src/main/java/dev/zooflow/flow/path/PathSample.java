package dev.zooflow.flow.path;

import ai.djl.ndarray.NDArray;

/**
 * A point of a conditional path and the path's velocity there.
 *
 * <p>Legend: B batch, P coordinates.
 *
 * @param x0 source, [B, P]
 * @param x1 target, [B, P]
 * @param t time, [B, 1] in [0, 1)
 * @param xt point at time t, [B, P]
 * @param dxt velocity at time t, [B, P], tangent at xt
 */
public record PathSample(NDArray x0, NDArray x1, NDArray t, NDArray xt, NDArray dxt) {

    /** Pairs {@code from} (inclusive) to {@code to} (exclusive). */
    public PathSample slice(int from, int to) {
        String rows = from + ":" + to;
        return new PathSample(x0.get(rows), x1.get(rows), t.get(rows), xt.get(rows), dxt.get(rows));
    }
}
