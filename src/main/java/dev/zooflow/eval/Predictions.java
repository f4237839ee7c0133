package dev.zooflow.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Split;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Predicted probabilities of n networks for t examples of C classes.
 *
 * @param labels true classes, [t]
 * @param classes C
 * @param probability [n, t, C] row-major
 * @param outcomes one per network
 */
record Predictions(int[] labels, int classes, float[] probability, List<Outcome> outcomes) {

    // Values of one layer's outputs that are in native memory at once: 64 MB.
    private static final long VALUES_AT_ONCE = 1 << 24;

    /** Copies the list. */
    Predictions {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * Evaluates networks on a split. All their probabilities are kept: {@link #largestGroup} says for how many networks
     * that is moderate.
     */
    static Predictions of(WeightBatch networks, Split split) {
        LayerLayout layout = LayerLayout.of(networks.architecture());
        int classes = networks.architecture().outputs();
        int size = split.size() * classes;
        float[] probability = new float[Math.multiplyExact(networks.size(), size)];
        float[] loss = new float[networks.size()];
        long widest = Collections.max(
                layout.architecture().widths().subList(1, layout.layers().size() + 1));
        int chunk = (int) Math.max(1, VALUES_AT_ONCE / (widest * split.size()));
        try (NDManager manager = Torch.manager()) {
            Task task = Task.of(manager, layout, split);
            for (int from = 0; from < networks.size(); from += chunk) {
                WeightBatch part = networks.slice(from, Math.min(networks.size(), from + chunk));
                task.evaluate(part, from, probability, loss);
            }
        }
        List<Outcome> outcomes = IntStream.range(0, networks.size())
                .parallel()
                .mapToObj(i -> Outcome.of(probability, i * size, classes, split.y(), loss[i]))
                .toList();
        return new Predictions(split.y(), classes, probability, outcomes);
    }

    /**
     * Something of the outcome of each of any number of networks, whose probabilities are held in groups of moderate size
     * only.
     */
    static <T> List<T> map(WeightBatch networks, Split split, Function<Outcome, T> function) {
        int group = largestGroup(split, networks.architecture().outputs());
        List<T> all = new ArrayList<>();
        for (int from = 0; from < networks.size(); from += group) {
            Predictions p = of(networks.slice(from, Math.min(networks.size(), from + group)), split);
            p.outcomes().stream().map(function).forEach(all::add);
        }
        return all;
    }

    /** Networks whose probabilities on a split take 64 MB, at least 32. */
    static int largestGroup(Split split, int classes) {
        return (int) Math.max(32, VALUES_AT_ONCE / ((long) split.size() * classes));
    }

    private record Task(LayerLayout layout, NDManager manager, NDArray x, NDArray oneHot) {

        static Task of(NDManager manager, LayerLayout layout, Split split) {
            int classes = layout.architecture().outputs();
            float[] oneHot = new float[split.size() * classes];
            for (int t = 0; t < split.size(); t++) {
                oneHot[t * classes + split.y()[t]] = 1f;
            }
            return new Task(
                    layout,
                    manager,
                    Torch.array(manager, split.x(), new Shape(split.size(), split.features())),
                    Torch.array(manager, oneHot, new Shape(split.size(), classes)));
        }

        // Losses come from the logits, since probabilities underflow.
        void evaluate(WeightBatch part, int from, float[] probability, float[] loss) {
            try (NDManager scope = manager.newSubManager()) {
                NDArray theta = Torch.array(scope, part.theta(), new Shape(part.size(), layout.size()));
                NDArray input = x.stopGradient();
                input.attach(scope);
                NDArray logP = Mlp.logits(layout, theta, input).logSoftmax(2);
                float[] p = logP.exp().toFloatArray();
                System.arraycopy(p, 0, probability, from * (p.length / part.size()), p.length);
                float[] sum = logP.mul(oneHot).sum(new int[] {1, 2}).toFloatArray();
                for (int i = 0; i < sum.length; i++) {
                    loss[from + i] = -sum[i] / x.getShape().get(0);
                }
            }
        }
    }

    /** n. */
    int networks() {
        return outcomes.size();
    }

    /** t. */
    int examples() {
        return labels.length;
    }

    /** Probability of one class. */
    float at(int network, int example, int c) {
        return probability[(network * labels.length + example) * classes + c];
    }
}
