package dev.zooflow.model;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.graph.WeightBatch;

/**
 * From a network to a wider one of the same function (Chen, Goodfellow, Shlens: <i>Net2Net</i>, ICLR 2016, section 2.2):
 * hidden neuron j becomes r_j equal neurons, each with its incoming weights and bias, and with its outgoing weights
 * divided by r_j. Neuron k of the wider layer is a copy of neuron k mod n.
 *
 * @param narrow layout of the networks given
 * @param wide layout of the networks made
 */
record Widening(LayerLayout narrow, LayerLayout wide) {

    /** Checks that inputs, outputs and depth agree and that no hidden layer gets narrower. */
    Widening {
        Architecture from = narrow.architecture();
        Architecture to = wide.architecture();
        boolean fits = from.depth() == to.depth()
                && from.inputs() == to.inputs()
                && from.outputs() == to.outputs()
                && from.activation() == to.activation();
        for (int l = 0; fits && l < from.widths().size(); l++) {
            fits = to.widths().get(l) >= from.widths().get(l);
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "architecture (%s) is not %s with wider hidden layers. Maybe the same inputs, outputs and depth, and at least as many hidden neurons?"
                            .formatted(to, from));
        }
    }

    /** The wider networks. */
    WeightBatch apply(WeightBatch networks) {
        float[] out = new float[networks.size() * wide.size()];
        for (int i = 0; i < networks.size(); i++) {
            for (int l = 0; l < wide.layers().size(); l++) {
                Layer from = narrow.layers().get(l);
                Layer to = wide.layers().get(l);
                widen(networks.theta(), i * narrow.size(), from, out, i * wide.size(), to);
            }
        }
        return new WeightBatch(wide.architecture(), out);
    }

    private static void widen(float[] theta, int at, Layer from, float[] out, int place, Layer to) {
        for (int k = 0; k < to.fanOut(); k++) {
            int row = k % from.fanOut();
            out[place + to.biasOffset() + k] = theta[at + from.biasOffset() + row];
            for (int j = 0; j < to.fanIn(); j++) {
                int column = j % from.fanIn();
                float weight = theta[at + from.weightOffset() + row * from.fanIn() + column];
                out[place + to.weightOffset() + k * to.fanIn() + j] = weight / copies(column, from.fanIn(), to.fanIn());
            }
        }
    }

    // r_j: how many of the k < wide have k mod narrow = j.
    private static int copies(int j, int narrow, int wide) {
        return (wide - j + narrow - 1) / narrow;
    }
}
