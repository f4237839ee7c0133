package dev.zooflow.data;

import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;

/**
 * Two interleaving half circles of radius 1: the upper one around (0, 0), the lower one around (1, ½).
 *
 * @param noise standard deviation of each coordinate
 */
record TwoMoons(double noise) {

    /** {@code n} points [n, 2], upper and lower moon in turn. */
    Split generate(int n, Seed seed) {
        RandomGenerator random = seed.generator();
        float[] x = new float[2 * n];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % 2;
            double angle = Math.PI * random.nextDouble();
            double cos = StrictMath.cos(angle);
            double sin = StrictMath.sin(angle);
            x[2 * i] = (float) ((y[i] == 0 ? cos : 1 - cos) + noise * random.nextGaussian());
            x[2 * i + 1] = (float) ((y[i] == 0 ? sin : 0.5 - sin) + noise * random.nextGaussian());
        }
        return new Split(x, y, 2);
    }
}
