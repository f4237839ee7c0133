package dev.zooflow.graph;

import java.util.Arrays;
import java.util.List;

/**
 * Flat weights of n networks of one architecture in Java memory: the form in which weights cross threads and processes.
 *
 * @param architecture of every network
 * @param theta [n, D] row-major, laid out as {@link LayerLayout}; not copied, treated as immutable
 */
public record WeightBatch(Architecture architecture, float[] theta) {

    /** Checks that the length is a multiple of D. */
    public WeightBatch {
        if (theta.length % architecture.parameters() != 0) {
            throw new IllegalArgumentException(
                    "theta has %d values, no multiple of the %d parameters of %s. Maybe another architecture?"
                            .formatted(theta.length, architecture.parameters(), architecture));
        }
    }

    /** n. */
    public int size() {
        return theta.length / architecture.parameters();
    }

    /** Networks {@code from} (inclusive) to {@code to} (exclusive). */
    public WeightBatch slice(int from, int to) {
        int d = architecture.parameters();
        return new WeightBatch(architecture, Arrays.copyOfRange(theta, from * d, to * d));
    }

    /** The networks with these indices, in this order; an index may repeat. */
    public WeightBatch select(int... indices) {
        int d = architecture.parameters();
        float[] out = new float[indices.length * d];
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(theta, indices[i] * d, out, i * d, d);
        }
        return new WeightBatch(architecture, out);
    }

    /** All networks of all batches, which share one architecture, in order. */
    public static WeightBatch concat(List<WeightBatch> batches) {
        int length = batches.stream().mapToInt(b -> b.theta.length).sum();
        float[] out = new float[length];
        int at = 0;
        for (WeightBatch b : batches) {
            if (!b.architecture.equals(batches.get(0).architecture)) {
                throw new IllegalArgumentException(
                        "batches of %s and %s can't be joined".formatted(batches.get(0).architecture, b.architecture));
            }
            System.arraycopy(b.theta, 0, out, at, b.theta.length);
            at += b.theta.length;
        }
        return new WeightBatch(batches.get(0).architecture, out);
    }

    /** Number of values that are NaN or infinite. */
    public int nonFinite() {
        int n = 0;
        for (float v : theta) {
            if (!Float.isFinite(v)) {
                n++;
            }
        }
        return n;
    }
}
