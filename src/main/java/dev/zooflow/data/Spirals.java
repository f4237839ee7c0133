package dev.zooflow.data;

import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;

/**
 * Archimedean spirals in the plane: arm k of K is the curve r(u) = {@value #RADIUS} u at angle 2π (k/K + u), u in (0, 1].
 *
 * @param arms number of classes K, at least 2
 * @param noise standard deviation of each coordinate
 */
record Spirals(int arms, double noise) {

    private static final double RADIUS = 3;

    /** {@code n} points [n, 2], the arms in turn. */
    Split generate(int n, Seed seed) {
        RandomGenerator random = seed.generator();
        float[] x = new float[2 * n];
        int[] y = new int[n];
        for (int i = 0; i < n; i++) {
            y[i] = i % arms;
            // The square root spreads the points evenly over the plane rather than over the angle.
            double u = Math.sqrt(random.nextDouble());
            double angle = 2 * Math.PI * ((double) y[i] / arms + u);
            x[2 * i] = (float) (RADIUS * u * StrictMath.cos(angle) + noise * random.nextGaussian());
            x[2 * i + 1] = (float) (RADIUS * u * StrictMath.sin(angle) + noise * random.nextGaussian());
        }
        return new Split(x, y, 2);
    }
}
