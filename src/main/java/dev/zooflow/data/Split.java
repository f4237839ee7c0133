package dev.zooflow.data;

/**
 * Some examples of a task with their classes.
 *
 * <p>n examples, f features.
 *
 * @param x inputs [n, f], row-major
 * @param y class of each example [n], an index into {@link Dataset#classes()}
 * @param features f
 */
public record Split(float[] x, int[] y, int features) {

    /** Checks that the inputs fit the number of examples. */
    public Split {
        if ((long) y.length * features != x.length) {
            throw new IllegalArgumentException(
                    "inputs (%d values) are not %d examples of %d features".formatted(x.length, y.length, features));
        }
    }

    /** Number of examples. */
    public int size() {
        return y.length;
    }

    /** The examples at these rows, copied, in this order. */
    public Split select(int... rows) {
        float[] xs = new float[Math.multiplyExact(rows.length, features)];
        int[] ys = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(x, rows[i] * features, xs, i * features, features);
            ys[i] = y[rows[i]];
        }
        return new Split(xs, ys, features);
    }
}
