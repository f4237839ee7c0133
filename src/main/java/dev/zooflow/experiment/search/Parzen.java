package dev.zooflow.experiment.search;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * A Parzen estimator of one parameter: a mixture of a kernel for each observation and one of the prior.
 *
 * <p>Legend: n observations, k = n + 1 kernels, the last of which is the prior.
 */
interface Parzen {

    /** Draws a value. */
    double sample(RandomGenerator random);

    /** ln of the density at a value. */
    double logDensity(double x);

    /**
     * Weights of n observations, the latest last, and the prior, with sum 1: Optuna's, 1 for the latest 25 and a line down to 1/n
     * for older ones.
     */
    static double[] weights(int n) {
        int flat = Math.min(n, 25);
        int ramp = n - flat;
        double[] weights = new double[n + 1];
        Arrays.fill(weights, 1);
        for (int i = 0; i < ramp; i++) {
            weights[i] = ramp == 1 ? 1.0 / n : 1.0 / n + i * (1 - 1.0 / n) / (ramp - 1);
        }
        double sum = DoubleStream.of(weights).sum();
        return DoubleStream.of(weights).map(w -> w / sum).toArray();
    }

    /** An index with these probabilities. */
    static int index(double[] probability, RandomGenerator random) {
        double place = random.nextDouble();
        int i = 0;
        for (; i < probability.length - 1 && place >= probability[i]; i++) {
            place -= probability[i];
        }
        return i;
    }

    /**
     * Values in [0, 1]: Gaussians around the observations, cut off at 0 and 1. A width is the larger distance to a neighbour, where
     * the prior's centre ½ is one and the ends are none, within [1 / min(100, 1 + k), 1]; the prior has width 1.
     *
     * @param weight [k]
     * @param centre [k]
     * @param width [k]
     */
    record Numeric(double[] weight, double[] centre, double[] width) implements Parzen {

        static Numeric of(double[] observations) {
            int n = observations.length;
            double[] centre = Arrays.copyOf(observations, n + 1);
            centre[n] = 0.5;
            double[] sorted = centre.clone();
            Arrays.sort(sorted);
            double narrowest = 1 / Math.min(100.0, 2 + n);
            double[] width = new double[n + 1];
            for (int i = 0; i < n; i++) {
                width[i] = Math.min(1, Math.max(narrowest, gap(sorted, Arrays.binarySearch(sorted, centre[i]))));
            }
            width[n] = 1;
            return new Numeric(weights(n), centre, width);
        }

        private static double gap(double[] sorted, int at) {
            double below = at > 0 ? sorted[at] - sorted[at - 1] : 0;
            double above = at < sorted.length - 1 ? sorted[at + 1] - sorted[at] : 0;
            return Math.max(below, above);
        }

        @Override
        public double sample(RandomGenerator random) {
            int i = index(weight, random);
            double x;
            do {
                x = centre[i] + width[i] * random.nextGaussian();
            } while (x < 0 || x >= 1);
            return x;
        }

        @Override
        public double logDensity(double x) {
            double density = 0;
            for (int i = 0; i < weight.length; i++) {
                double z = (x - centre[i]) / width[i];
                double inside = normal((1 - centre[i]) / width[i]) - normal(-centre[i] / width[i]);
                density += weight[i] * Math.exp(-z * z / 2) / (Math.sqrt(2 * Math.PI) * width[i] * inside);
            }
            return Math.log(density);
        }

        // Abramowitz and Stegun, 26.2.17: the error is below 1e-7.
        static double normal(double x) {
            double t = 1 / (1 + 0.2316419 * Math.abs(x));
            double polynomial =
                    t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
            double upper = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * polynomial;
            return x > 0 ? 1 - upper : upper;
        }
    }

    /**
     * One of some choices: each kernel has 1 + 1/k on the choice that was observed and 1/k on the others, over their sum.
     *
     * @param probability of each choice
     */
    record Categorical(double[] probability) implements Parzen {

        static Categorical of(int[] observations, int choices) {
            double[] weight = weights(observations.length);
            double prior = 1.0 / weight.length;
            double[] probability = new double[choices];
            Arrays.fill(probability, weight[observations.length] / choices);
            for (int i = 0; i < observations.length; i++) {
                double row = 1 + prior * choices;
                for (int c = 0; c < choices; c++) {
                    probability[c] += weight[i] * (prior + (c == observations[i] ? 1 : 0)) / row;
                }
            }
            return new Categorical(probability);
        }

        @Override
        public double sample(RandomGenerator random) {
            return index(probability, random);
        }

        @Override
        public double logDensity(double x) {
            return Math.log(probability[(int) x]);
        }
    }
}
