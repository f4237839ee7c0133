package dev.zooflow.eval;

import dev.zooflow.graph.WeightBatch;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The distribution of the raw weights and biases of a group, all of them in one: a check that needs no task. Bins are the
 * same for all groups: {@value #BINS} of equal width over the training networks' mean ± {@value #WIDTH} standard
 * deviations.
 *
 * @param low lower edge of the first bin
 * @param width of a bin
 */
record WeightHistogram(double low, double width) {

    private static final int BINS = 60;
    private static final double WIDTH = 5;
    private static final double SMALLEST = 1e-12;

    /** Bins for groups that are compared with these networks. */
    static WeightHistogram around(WeightBatch training) {
        double mean = mean(training.theta());
        double std = Math.max(SMALLEST, std(training.theta(), mean));
        return new WeightHistogram(mean - WIDTH * std, 2 * WIDTH * std / BINS);
    }

    /**
     * Adds {@code weight_mean} and {@code weight_std} over all weights of all networks; as series the mean weight of each
     * network, the middle of each bin, and the probability density there, which leaves out weights beyond the bins.
     */
    void addTo(Map<String, Double> values, Map<String, double[]> series, WeightBatch networks) {
        float[] theta = networks.theta();
        double mean = mean(theta);
        values.put("weight_mean", mean);
        values.put("weight_std", std(theta, mean));
        int size = theta.length / networks.size();
        series.put(
                "weight_mean",
                IntStream.range(0, networks.size())
                        .mapToDouble(i -> mean(theta, i * size, (i + 1) * size))
                        .toArray());
        series.put(
                "weight_value",
                IntStream.range(0, BINS)
                        .mapToDouble(b -> low + (b + 0.5) * width)
                        .toArray());
        series.put("weight_density", density(theta));
    }

    private double[] density(float[] theta) {
        double[] density = new double[BINS];
        for (float value : theta) {
            double bin = Math.floor((value - low) / width);
            if (bin >= 0 && bin < BINS) {
                density[(int) bin] += 1 / (width * theta.length);
            }
        }
        return density;
    }

    private static double mean(float[] x) {
        return mean(x, 0, x.length);
    }

    private static double mean(float[] x, int from, int to) {
        double sum = 0;
        for (int k = from; k < to; k++) {
            sum += x[k];
        }
        return sum / (to - from);
    }

    private static double std(float[] x, double mean) {
        double sum = 0;
        for (float value : x) {
            sum += (value - mean) * (value - mean);
        }
        return Math.sqrt(sum / (x.length - 1));
    }
}
