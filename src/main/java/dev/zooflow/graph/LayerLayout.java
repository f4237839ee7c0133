package dev.zooflow.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * Where each weight and bias stands in the flat vector θ ∈ R^D of an architecture.
 *
 * <p>Order: W_1 (row-major, [out, in]), b_1, W_2, b_2, …, W_L, b_L, as PyTorch's {@code parameters_to_vector} writes an
 * {@code nn.Sequential}. The incoming weights of one neuron are therefore contiguous.
 *
 * @param architecture the architecture laid out
 * @param layers one entry per weight layer, l = 1 … L
 */
public record LayerLayout(Architecture architecture, List<Layer> layers) {

    /**
     * One weight layer.
     *
     * @param index l, from 1
     * @param fanIn d_{l-1}
     * @param fanOut d_l
     * @param weightOffset where W_l begins in θ
     * @param biasOffset where b_l begins in θ; also the end of W_l
     */
    public record Layer(int index, int fanIn, int fanOut, int weightOffset, int biasOffset) {
        /** Where the layer ends in θ. */
        public int end() {
            return biasOffset + fanOut;
        }

        /** Number of weights. */
        public int weights() {
            return fanIn * fanOut;
        }
    }

    /** Copies the list. */
    public LayerLayout {
        layers = List.copyOf(layers);
    }

    /** The layout of an architecture. */
    public static LayerLayout of(Architecture architecture) {
        List<Layer> layers = new ArrayList<>();
        int offset = 0;
        for (int l = 1; l <= architecture.depth(); l++) {
            int fanIn = architecture.widths().get(l - 1);
            int fanOut = architecture.widths().get(l);
            layers.add(new Layer(l, fanIn, fanOut, offset, offset + fanIn * fanOut));
            offset += fanOut * (fanIn + 1);
        }
        return new LayerLayout(architecture, layers);
    }

    /** D, the length of θ. */
    public int size() {
        return last().end();
    }

    /** The output layer L. */
    public Layer last() {
        return layers.get(layers.size() - 1);
    }

    /** Layers 1 … L-1, whose outputs are hidden neurons. */
    public List<Layer> hiddenLayers() {
        return layers.subList(0, layers.size() - 1);
    }
}
