package dev.zooflow.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * The weight graph of B networks: one node per neuron, whose feature is its bias, and one edge per weight (Kofinas et
 * al., ICLR 2024). Input nodes have no feature. Edges are those of the layout, whatever their value.
 *
 * <p>Legend: B batch, d_l width of layer l.
 *
 * @param nodeFeatures biases of layers 1 … L, each [B, d_l]
 * @param edgeFeatures weights of layers 1 … L, each [B, d_l, d_{l-1}]
 */
public record WeightGraph(List<NDArray> nodeFeatures, List<NDArray> edgeFeatures) {

    /** Copies the lists. */
    public WeightGraph {
        nodeFeatures = List.copyOf(nodeFeatures);
        edgeFeatures = List.copyOf(edgeFeatures);
    }

    /**
     * Reads flat weights; differentiable.
     *
     * @param theta [B, ≥ D]; coordinates beyond D are ignored
     */
    public static WeightGraph of(LayerLayout layout, NDArray theta) {
        long batch = theta.getShape().get(0);
        List<NDArray> nodes = new ArrayList<>();
        List<NDArray> edges = new ArrayList<>();
        for (LayerLayout.Layer layer : layout.layers()) {
            edges.add(theta.get(":, {}:{}", layer.weightOffset(), layer.biasOffset())
                    .reshape(batch, layer.fanOut(), layer.fanIn()));
            nodes.add(theta.get(":, {}:{}", layer.biasOffset(), layer.end()));
        }
        return new WeightGraph(nodes, edges);
    }

    /** The inverse of {@link #of}: [B, D]. */
    public NDArray flatten() {
        NDList parts = new NDList(2 * edgeFeatures.size());
        for (int l = 0; l < edgeFeatures.size(); l++) {
            NDArray w = edgeFeatures.get(l);
            parts.add(w.reshape(w.getShape().get(0), -1));
            parts.add(nodeFeatures.get(l));
        }
        return NDArrays.concat(parts, 1);
    }
}
