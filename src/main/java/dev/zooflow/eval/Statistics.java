package dev.zooflow.eval;

import java.util.Arrays;

/** Summaries of a sample. */
final class Statistics {

    private Statistics() {}

    static double mean(double[] x) {
        return Arrays.stream(x).average().orElse(Double.NaN);
    }

    /** Standard deviation with n − 1; 0 for one value. */
    static double std(double[] x) {
        double mean = mean(x);
        double sum = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
        return x.length < 2 ? 0 : Math.sqrt(sum / (x.length - 1));
    }

    static double median(double[] x) {
        return quantile(x, 0.5);
    }

    /** Linear interpolation between order statistics. */
    static double quantile(double[] x, double q) {
        double[] sorted = x.clone();
        Arrays.sort(sorted);
        double at = q * (sorted.length - 1);
        int below = (int) at;
        int above = Math.min(sorted.length - 1, below + 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Root of the mean, over the D columns of x [n, D], of the variance with n − 1. */
    static double dispersion(float[] x, int d) {
        int n = x.length / d;
        double sum = 0;
        for (int k = 0; k < d; k++) {
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += x[i * d + k];
            }
            mean /= n;
            for (int i = 0; i < n; i++) {
                double v = x[i * d + k] - mean;
                sum += v * v;
            }
        }
        return Math.sqrt(sum / ((double) (n - 1) * d));
    }
}
