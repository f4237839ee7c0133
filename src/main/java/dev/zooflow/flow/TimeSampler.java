package dev.zooflow.flow;

import java.util.random.RandomGenerator;

/** How training times are drawn, by the inverse of their distribution function. */
public enum TimeSampler {
    /** Beta(1, 2), density 2(1−t): t = 1 − √(1−u). */
    BETA {
        @Override
        double quantile(double u) {
            return 1 - Math.sqrt(1 - u);
        }
    },
    /** Uniform on [0, 1). */
    UNIFORM {
        @Override
        double quantile(double u) {
            return u;
        }
    };

    // Largest t in training: a float below 1 whose 1−t can still be divided by.
    private static final double LATEST = 1 - 1e-4;

    abstract double quantile(double u);

    /** {@code n} times in [0, 1). */
    public float[] sample(int n, RandomGenerator random) {
        float[] t = new float[n];
        for (int i = 0; i < n; i++) {
            t[i] = (float) Math.min(LATEST, quantile(random.nextDouble()));
        }
        return t;
    }
}
