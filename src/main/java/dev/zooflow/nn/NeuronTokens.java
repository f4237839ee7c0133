package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import java.util.List;

/**
 * The coordinates of networks sorted by hidden neuron: incoming weights, bias, outgoing weights.
 *
 * <p>Legend: B networks, L layers of weights, n_l neurons of hidden layer l, P coordinates.
 *
 * @param neurons for each hidden layer [B, n_l, fan-in + 1 + fan-out of the next layer]
 * @param ends output biases, then global coordinates, [B, n_L + G]
 */
record NeuronTokens(NDList neurons, NDArray ends) {

    /** The tokens of points x [B, P]; every weight between two hidden layers stands in two of them. */
    static NeuronTokens of(LayerLayout layout, NDArray x) {
        List<Layer> layers = layout.layers();
        NDList weights = new NDList();
        for (Layer layer : layers) {
            weights.add(x.get(":, {}:{}", layer.weightOffset(), layer.biasOffset())
                    .reshape(-1, layer.fanOut(), layer.fanIn()));
        }
        NDList neurons = new NDList();
        for (Layer layer : layout.hiddenLayers()) {
            NDArray bias = x.get(":, {}:{}", layer.biasOffset(), layer.end()).expandDims(2);
            NDArray outgoing = weights.get(layer.index()).transpose(0, 2, 1);
            neurons.add(NDArrays.concat(new NDList(weights.get(layer.index() - 1), bias, outgoing), 2));
        }
        return new NeuronTokens(neurons, x.get(":, {}:", layout.last().biasOffset()));
    }

    /** The points [B, P] again; a weight that stands in two tokens is their sum. */
    NDArray flat(LayerLayout layout) {
        long batch = ends.getShape().get(0);
        NDList parts = new NDList();
        NDArray fromBefore = null;
        for (Layer layer : layout.hiddenLayers()) {
            NDArray own = neurons.get(layer.index() - 1);
            NDArray incoming = own.get(":, :, :{}", layer.fanIn());
            parts.add((fromBefore == null ? incoming : incoming.add(fromBefore)).reshape(batch, layer.weights()));
            parts.add(own.get(":, :, {}", layer.fanIn()));
            fromBefore = own.get(":, :, {}:", layer.fanIn() + 1).transpose(0, 2, 1);
        }
        parts.add(
                fromBefore == null
                        ? ends.get(":, :0")
                        : fromBefore.reshape(batch, layout.last().weights()));
        parts.add(ends);
        return NDArrays.concat(parts, 1);
    }
}
