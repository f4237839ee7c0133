package dev.zooflow.data;

import java.util.Arrays;

/**
 * How the source's raw features became a network's inputs: {@code input = (raw - mean) / std}, feature by feature. It
 * has been applied to a {@link Dataset} already; it is kept so that others can prepare inputs of their own.
 *
 * <p>Raw are the bytes 0 … 255 of an IDX file, the numbers in a CSV file, the generated values of a synthetic task.
 *
 * @param mean of each feature [f]; zeros for the identity
 * @param std of each feature [f], positive; ones for the identity
 */
public record Normalisation(float[] mean, float[] std) {

    /** Checks that both arrays have one entry per feature. */
    public Normalisation {
        if (mean.length != std.length) {
            throw new IllegalArgumentException(
                    "mean (%d values) and std (%d values) differ in length".formatted(mean.length, std.length));
        }
    }

    /** The normalisation that leaves every feature as it is. */
    public static Normalisation identity(int features) {
        return scale(features, 1);
    }

    /** The normalisation that divides every feature by one positive number. */
    public static Normalisation scale(int features, float divisor) {
        float[] std = new float[features];
        Arrays.fill(std, divisor);
        return new Normalisation(new float[features], std);
    }
}
