package dev.zooflow.data;

import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;

/**
 * Two Gaussian clouds in F dimensions, around −1/√F and 1/√F in every coordinate, so that their means are 2 apart.
 *
 * @param features F, at least 1
 * @param noise standard deviation of each coordinate
 */
record Blobs(int features, double noise) {

    /** {@code n} points [n, F], the two clouds in turn. */
    Split generate(int n, Seed seed) {
        RandomGenerator random = seed.generator();
        double mean = 1 / Math.sqrt(features);
        float[] x = new float[n * features];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % 2;
            for (int k = 0; k < features; k++) {
                x[i * features + k] = (float) ((2 * y[i] - 1) * mean + noise * random.nextGaussian());
            }
        }
        return new Split(x, y, features);
    }
}
