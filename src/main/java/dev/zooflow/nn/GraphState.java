package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.List;

/**
 * States of a weight graph between two layers of a backbone. All neurons lie in one array, so that what is done to each of
 * them alone is one operation.
 *
 * <p>Legend: B batch, n_l neurons of layer l, N neurons of all layers 0 … L, d width.
 *
 * @param nodes [B, N, d], layer after layer
 * @param edges of layers 1 … L, each [B, n_l, n_{l-1}, d]
 */
record GraphState(NDArray nodes, List<NDArray> edges) {

    /** What there is for every neuron, [B, N, …], by layers 0 … L, each [B, n_l, …]. */
    NDList byLayer(NDArray all) {
        long[] ends = new long[edges.size()];
        long end = edges.get(0).getShape().get(2);
        for (int l = 0; l < ends.length; l++) {
            ends[l] = end;
            end += edges.get(l).getShape().get(1);
        }
        return all.split(ends, 1);
    }
}
