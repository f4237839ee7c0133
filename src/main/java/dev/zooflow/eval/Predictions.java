package dev.zooflow.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Split;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Torch;
import java.util.BitSet;

/**
 * Predicted probabilities of n networks for t examples of C classes.
 *
 * @param networks n
 * @param labels true classes, [t]
 * @param classes C
 * @param probability [n, t, C] row-major
 */
record Predictions(int networks, int[] labels, int classes, float[] probability) {

    // Values of one layer's output that are in native memory at once.
    private static final int VALUES_AT_ONCE = 1 << 24;
    private static final double SMALLEST = 1e-12;

    /** Evaluates networks on a split, a bounded number at a time. */
    static Predictions of(WeightBatch networks, Split split) {
        LayerLayout layout = LayerLayout.of(networks.architecture());
        int classes = networks.architecture().outputs();
        int widest = networks.architecture().widths().stream()
                .skip(1)
                .mapToInt(w -> w)
                .max()
                .orElse(1);
        int chunk = Math.max(1, VALUES_AT_ONCE / (split.size() * widest));
        float[] out = new float[networks.size() * split.size() * classes];
        try (NDManager manager = Torch.manager()) {
            NDArray x = manager.create(split.x(), new Shape(split.size(), split.features()));
            for (int from = 0; from < networks.size(); from += chunk) {
                WeightBatch part = networks.slice(from, Math.min(networks.size(), from + chunk));
                float[] p = probabilities(manager, layout, part, x);
                System.arraycopy(p, 0, out, from * split.size() * classes, p.length);
            }
        }
        return new Predictions(networks.size(), split.y(), classes, out);
    }

    private static float[] probabilities(NDManager parent, LayerLayout layout, WeightBatch part, NDArray x) {
        try (NDManager scope = parent.newSubManager()) {
            NDArray theta = scope.create(part.theta(), new Shape(part.size(), layout.size()));
            NDArray input = x.duplicate();
            input.attach(scope);
            return Mlp.logits(layout, theta, input).softmax(2).toFloatArray();
        }
    }

    /** t. */
    int examples() {
        return labels.length;
    }

    /** Probability of one class. */
    float at(int network, int example, int c) {
        return probability[(network * labels.length + example) * classes + c];
    }

    /** The most probable class. */
    int predicted(int network, int example) {
        int best = 0;
        for (int c = 1; c < classes; c++) {
            if (at(network, example, c) > at(network, example, best)) {
                best = c;
            }
        }
        return best;
    }

    /** The most probable class of every example, as unsigned bytes: tasks have at most 256 classes. */
    byte[] predictedClasses(int network) {
        byte[] out = new byte[labels.length];
        for (int t = 0; t < out.length; t++) {
            out[t] = (byte) predicted(network, t);
        }
        return out;
    }

    /** Misclassified examples of a network. */
    BitSet errors(int network) {
        BitSet errors = new BitSet(labels.length);
        for (int t = 0; t < labels.length; t++) {
            errors.set(t, predicted(network, t) != labels[t]);
        }
        return errors;
    }

    /** Share of examples classified correctly. */
    double accuracy(int network) {
        return 1 - (double) errors(network).cardinality() / labels.length;
    }

    /** Mean cross-entropy in nats. */
    double loss(int network) {
        double sum = 0;
        for (int t = 0; t < labels.length; t++) {
            sum -= Math.log(Math.max(SMALLEST, at(network, t, labels[t])));
        }
        return sum / labels.length;
    }

    /** The first {@code n} networks' mean probability, as the predictions of one network. */
    Predictions average(int n) {
        int size = labels.length * classes;
        float[] mean = new float[size];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k < size; k++) {
                mean[k] += probability[i * size + k] / n;
            }
        }
        return new Predictions(1, labels, classes, mean);
    }
}
