package dev.zooflow.eval;

import dev.zooflow.data.Split;
import dev.zooflow.graph.WeightBatch;
import java.util.List;

/**
 * The loss barrier of a pair of networks: the loss at the midpoint of their weights minus the mean of their two losses
 * (Entezari et al., ICLR 2022). Negative where the midpoint is better than both are on average.
 */
final class LossBarrier {

    private LossBarrier() {}

    /**
     * Barriers of all pairs of networks, on a split.
     *
     * @param networks at least two
     */
    static Barriers of(String variant, WeightBatch networks, Split split) {
        int n = networks.size();
        List<Double> ends = Predictions.map(networks, split, Outcome::loss);
        double[][] barrier = new double[n][n];
        double[] all = new double[n * (n - 1) / 2];
        int pair = 0;
        for (int i = 1; i < n; i++) {
            List<Double> middle = Predictions.map(midpoints(networks, i), split, Outcome::loss);
            for (int j = 0; j < i; j++, pair++) {
                all[pair] = middle.get(j) - (ends.get(i) + ends.get(j)) / 2;
                barrier[i][j] = all[pair];
                barrier[j][i] = all[pair];
            }
        }
        return new Barriers(variant, Statistics.mean(all), all.length < 2 ? 0 : Statistics.std(all), barrier);
    }

    // Of network i with each of those before it.
    private static WeightBatch midpoints(WeightBatch networks, int i) {
        int d = networks.architecture().parameters();
        float[] out = new float[i * d];
        for (int k = 0; k < out.length; k++) {
            out[k] = (networks.theta()[k] + networks.theta()[i * d + k % d]) / 2;
        }
        return new WeightBatch(networks.architecture(), out);
    }
}
