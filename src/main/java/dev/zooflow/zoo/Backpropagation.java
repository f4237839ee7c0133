package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.LayerLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Loss and gradient of many multilayer perceptrons, each on a mini-batch of its own. The loss of a network is the mean
 * softmax cross-entropy over its mini-batch; networks do not interact.
 *
 * <p>The gradient is written out by hand: it needs no recording, works in place and takes about half the time of
 * automatic differentiation. Legend: n networks, B examples, C classes, D parameters.
 */
final class Backpropagation {

    private record LayerViews(NDArray w, NDArray transposed, NDArray b) {}

    private final Activation activation;
    private final List<LayerViews> layers = new ArrayList<>();

    /**
     * Views into {@code theta} [n, D], which may be changed in place afterwards and must outlive this.
     */
    Backpropagation(LayerLayout layout, NDArray theta) {
        this.activation = layout.architecture().activation();
        long n = theta.getShape().get(0);
        for (LayerLayout.Layer layer : layout.layers()) {
            NDArray w = theta.get(":, {}:{}", layer.weightOffset(), layer.biasOffset())
                    .reshape(n, layer.fanOut(), layer.fanIn());
            NDArray b = theta.get(":, {}:{}", layer.biasOffset(), layer.end()).expandDims(1);
            layers.add(new LayerViews(w, w.transpose(0, 2, 1), b));
        }
    }

    /** The loss of each network on its mini-batch, [n]. */
    NDArray loss(Examples batch) {
        List<NDArray> h = forward(batch.x());
        NDArray logP = h.get(h.size() - 1).logSoftmax(2);
        return logP.mul(batch.y()).sum(new int[] {2}).mean(new int[] {1}).neg();
    }

    /** The gradient of each network's loss, [n, D]. */
    NDArray gradient(Examples batch) {
        List<NDArray> h = forward(batch.x());
        // ∂loss/∂logits = (softmax - y) / B
        NDArray dz = h.get(h.size() - 1)
                .softmax(2)
                .subi(batch.y())
                .divi(batch.x().getShape().get(1));
        NDArray[] parts = new NDArray[2 * layers.size()];
        for (int l = layers.size() - 1; l >= 0; l--) {
            NDArray dw = dz.transpose(0, 2, 1).batchMatMul(h.get(l));
            parts[2 * l] = dw.reshape(dw.getShape().get(0), -1);
            parts[2 * l + 1] = dz.sum(new int[] {1});
            if (l > 0) {
                dz = dz.batchMatMul(layers.get(l).w()).muli(derivative(h.get(l)));
            }
        }
        return NDArrays.concat(new NDList(parts), 1);
    }

    // h_0 = x, h_1, …, h_L = logits; each [n, B, d_l].
    private List<NDArray> forward(NDArray x) {
        List<NDArray> h = new ArrayList<>();
        h.add(x);
        for (LayerViews layer : layers) {
            NDArray z = h.get(h.size() - 1).batchMatMul(layer.transposed()).addi(layer.b());
            h.add(h.size() < layers.size() ? activation.apply(z) : z);
        }
        return h;
    }

    // φ'(z) as a function of h = φ(z); the derivative of ReLU at 0 is 0.
    private NDArray derivative(NDArray h) {
        return switch (activation) {
            case RELU -> h.sign();
            case TANH -> h.square().negi().addi(1);
        };
    }
}
