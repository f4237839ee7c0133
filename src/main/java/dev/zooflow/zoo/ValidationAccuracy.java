package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Split;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.tensor.Torch;
import java.util.Collections;
import java.util.stream.IntStream;

/** The share of the validation split that networks classify correctly. */
final class ValidationAccuracy {

    // Values of one activation held at a time: 32 MB.
    private static final long CHUNK_VALUES = 8_000_000;

    private final LayerLayout layout;
    private final NDArray x;
    private final NDArray y;

    /** Copies the split into the manager. */
    ValidationAccuracy(NDManager manager, LayerLayout layout, Split split) {
        this.layout = layout;
        this.x = Torch.array(manager, split.x(), new Shape(split.size(), split.features()));
        this.y = manager.create(IntStream.of(split.y()).asLongStream().toArray());
    }

    /** On at most {@code examples} of the split, evenly spaced: enough for a curve. */
    static ValidationAccuracy estimate(NDManager manager, LayerLayout layout, Split split, int examples) {
        int count = Math.min(examples, split.size());
        int[] rows = IntStream.range(0, count)
                .map(k -> (int) ((long) k * split.size() / count))
                .toArray();
        return new ValidationAccuracy(manager, layout, split.select(rows));
    }

    /** The accuracy of each of n networks, from weights [n, D]. */
    float[] of(NDArray theta) {
        int n = (int) theta.getShape().get(0);
        long widest = Collections.max(layout.architecture().widths());
        int chunk = (int) Math.max(1, CHUNK_VALUES / (widest * y.size()));
        float[] accuracy = new float[n];
        for (int from = 0; from < n; from += chunk) {
            float[] part = accuracy(theta, from, Math.min(n, from + chunk));
            System.arraycopy(part, 0, accuracy, from, part.length);
        }
        return accuracy;
    }

    private float[] accuracy(NDArray theta, int from, int to) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray predicted =
                    Mlp.logits(layout, theta.get("{}:{}", from, to), x).argMax(2);
            return predicted
                    .eq(y)
                    .toType(theta.getDataType(), false)
                    .mean(new int[] {1})
                    .toFloatArray();
        }
    }
}
