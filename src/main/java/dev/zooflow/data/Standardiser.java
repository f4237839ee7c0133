package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.util.Arrays;
import java.util.List;

/**
 * Zero mean and unit variance for each feature, computed and applied in double precision.
 *
 * @param mean [f]
 * @param std population standard deviation [f]; 1 for a feature that is constant, which so becomes 0
 */
record Standardiser(double[] mean, double[] std) {

    // Rounding alone gives a constant column a spread of some units in the last place.
    private static final double CONSTANT = 1e-13;

    static Standardiser identity(int features) {
        double[] std = new double[features];
        Arrays.fill(std, 1);
        return new Standardiser(new double[features], std);
    }

    /** Fitted on some of the rows, the training rows, of which there is at least one. */
    static Standardiser fit(List<double[]> table, int[] rows, int features) {
        double[] mean = new double[features];
        double[] std = new double[features];
        for (int row : rows) {
            for (int f = 0; f < features; f++) {
                mean[f] += table.get(row)[f] / rows.length;
            }
        }
        for (int row : rows) {
            for (int f = 0; f < features; f++) {
                double d = table.get(row)[f] - mean[f];
                std[f] += d * d / rows.length;
            }
        }
        for (int f = 0; f < features; f++) {
            double spread = Math.sqrt(std[f]);
            boolean constant = spread <= CONSTANT * Math.abs(mean[f]);
            std[f] = constant ? 1 : spread;
            mean[f] = constant ? table.get(rows[0])[f] : mean[f];
        }
        return new Standardiser(mean, std);
    }

    /** Standardised inputs of one feature value. */
    float apply(int feature, String name, double raw) {
        float input = (float) ((raw - mean[feature]) / std[feature]);
        if (Float.isInfinite(input)) {
            throw UserError.infrastructure(
                    "column (%s) holds %s, which is beyond all bounds next to its spread of %s in the training split. Maybe an outlier to correct?"
                            .formatted(name, raw, std[feature]));
        }
        return input;
    }

    /** The same in single precision, for others. */
    Normalisation normalisation() {
        float[] m = new float[mean.length];
        float[] s = new float[std.length];
        for (int f = 0; f < m.length; f++) {
            m[f] = (float) mean[f];
            // A spread too small for a float must not become a division by zero for whoever applies this.
            s[f] = Math.max(Float.MIN_NORMAL, (float) std[f]);
        }
        return new Normalisation(m, s);
    }
}
