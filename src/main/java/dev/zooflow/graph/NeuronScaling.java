package dev.zooflow.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;

/**
 * One positive factor α for every hidden neuron of each of n ReLU networks: incoming weights and bias times α, outgoing
 * weights divided by α. It leaves the network's function unchanged, because ReLU is positively homogeneous.
 *
 * @param factors [n][L-1][d_l], all positive; treated as immutable
 */
public record NeuronScaling(float[][][] factors) {

    /** Checks that every factor is positive and finite. */
    public NeuronScaling {
        for (float[][] network : factors) {
            for (float[] layer : network) {
                for (float alpha : layer) {
                    if (!(alpha > 0) || !Float.isFinite(alpha)) {
                        throw new IllegalArgumentException(
                                "scaling factor (%s) is not positive and finite".formatted(alpha));
                    }
                }
            }
        }
    }

    /**
     * The rescaled weights; differentiable.
     *
     * @param theta [n, D]
     * @return [n, D]
     */
    public NDArray apply(LayerLayout layout, NDArray theta) {
        return theta.mul(multiplier(layout, theta.getManager()));
    }

    private NDArray multiplier(LayerLayout layout, NDManager manager) {
        int size = layout.size();
        float[] m = new float[factors.length * size];
        Arrays.fill(m, 1f);
        for (int i = 0; i < factors.length; i++) {
            for (LayerLayout.Layer layer : layout.layers()) {
                scaleLayer(layout, layer, factors[i], m, i * size);
            }
        }
        return Torch.array(manager, m, new Shape(factors.length, size));
    }

    private static void scaleLayer(
            LayerLayout layout, LayerLayout.Layer layer, float[][] factors, float[] m, int base) {
        boolean hasHiddenInputs = layer.index() > 1;
        boolean hasHiddenOutputs = layer.index() < layout.layers().size();
        for (int k = 0; k < layer.fanOut(); k++) {
            float out = hasHiddenOutputs ? factors[layer.index() - 1][k] : 1f;
            for (int j = 0; j < layer.fanIn(); j++) {
                float in = hasHiddenInputs ? factors[layer.index() - 2][j] : 1f;
                m[base + layer.weightOffset() + k * layer.fanIn() + j] = out / in;
            }
            m[base + layer.biasOffset() + k] = out;
        }
    }
}
