package dev.zooflow.eval;

import dev.zooflow.data.Split;
import dev.zooflow.graph.WeightBatch;

/**
 * The loss barrier of a pair of networks: the loss at the midpoint of their weights minus the mean of their two losses
 * (Entezari et al., ICLR 2022).
 */
final class LossBarrier {

    private LossBarrier() {}

    /** Barriers of all pairs of networks, on a split. */
    static Barriers of(String variant, WeightBatch networks, Split split) {
        int n = networks.size();
        int d = networks.architecture().parameters();
        float[] midpoints = new float[n * (n - 1) / 2 * d];
        int row = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++, row++) {
                for (int k = 0; k < d; k++) {
                    midpoints[row * d + k] = (networks.theta()[i * d + k] + networks.theta()[j * d + k]) / 2;
                }
            }
        }
        Predictions ends = Predictions.of(networks, split);
        Predictions middle = Predictions.of(new WeightBatch(networks.architecture(), midpoints), split);
        double[][] barrier = new double[n][n];
        double[] all = new double[row];
        row = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++, row++) {
                all[row] = middle.loss(row) - (ends.loss(i) + ends.loss(j)) / 2;
                barrier[i][j] = all[row];
                barrier[j][i] = all[row];
            }
        }
        return new Barriers(variant, Statistics.mean(all), Statistics.std(all), barrier);
    }
}
