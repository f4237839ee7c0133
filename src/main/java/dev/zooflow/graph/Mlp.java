package dev.zooflow.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * The function of a multilayer perceptron, evaluated for many networks on the same examples at once. Differentiable in
 * both arguments.
 *
 * <p>Legend: n networks, t examples, D parameters, C outputs.
 */
public final class Mlp {

    private Mlp() {}

    /**
     * Logits of every network for every example: h_l = φ(W_l h_{l-1} + b_l), the last layer without φ.
     *
     * @param theta [n, D]
     * @param x [t, d_0]
     * @return [n, t, C]
     */
    public static NDArray logits(LayerLayout layout, NDArray theta, NDArray x) {
        NDArray h = x;
        for (LayerLayout.Layer layer : layout.layers()) {
            NDArray z = preActivation(layer, theta, h);
            h = layer.index() < layout.layers().size()
                    ? layout.architecture().activation().apply(z)
                    : z;
        }
        return h;
    }

    private static NDArray preActivation(LayerLayout.Layer layer, NDArray theta, NDArray h) {
        long n = theta.getShape().get(0);
        NDArray w = theta.get(":, {}:{}", layer.weightOffset(), layer.biasOffset());
        NDArray b = theta.get(":, {}:{}", layer.biasOffset(), layer.end()).reshape(n, 1, layer.fanOut());
        if (layer.index() == 1) {
            // All networks read the same examples: one matrix product instead of n.
            long t = h.getShape().get(0);
            NDArray rows = w.reshape(n * layer.fanOut(), layer.fanIn());
            NDArray product = h.matMul(rows.transpose()).reshape(new Shape(t, n, layer.fanOut()));
            return product.transpose(1, 0, 2).add(b);
        }
        NDArray perNetwork = w.reshape(n, layer.fanOut(), layer.fanIn()).transpose(0, 2, 1);
        return h.matMul(perNetwork).add(b);
    }
}
