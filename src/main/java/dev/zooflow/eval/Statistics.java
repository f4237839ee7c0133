package dev.zooflow.eval;

import java.util.Arrays;

/** Summaries of a sample. */
final class Statistics {

    private Statistics() {}

    /** Arithmetic mean; NaN for no value. */
    static double mean(double[] x) {
        return Arrays.stream(x).average().orElse(Double.NaN);
    }

    /** Standard deviation with n − 1; NaN for fewer than two values. */
    static double std(double[] x) {
        double mean = mean(x);
        double sum = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(sum / (x.length - 1));
    }

    /** The 0.5 quantile. */
    static double median(double[] x) {
        return quantile(x, 0.5);
    }

    /** Quantile by linear interpolation between order statistics (type 7 of Hyndman &amp; Fan, 1996) of at least one value. */
    static double quantile(double[] x, double q) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /**
     * Root of the mean, over the first D of K columns of x [n, K], of the variance with n − 1; NaN for fewer than two rows.
     */
    static double dispersion(float[] x, int k, int d) {
        int n = x.length / k;
        double sum = 0;
        for (int column = 0; column < d; column++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += x[i * k + column];
            }
            mean /= n;
            for (int i = 0; i < n; i++) {
                double v = x[i * k + column] - mean;
                sum += v * v;
            }
        }
        return Math.sqrt(sum / ((double) (n - 1) * d));
    }
}
