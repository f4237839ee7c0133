package dev.zooflow.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;

/**
 * Distances of networks to the training networks, in canonical aligned coordinates.
 *
 * <p>Legend: N training networks, n others, D coordinates.
 *
 * @param training [N, D]
 * @param trajectory of each training network, [N]
 * @param dimension D
 */
record WeightDistance(float[] training, int[] trajectory, int dimension) {

    private static final int ROWS_AT_ONCE = 256;

    /**
     * The nearest training network of each network.
     *
     * @param distance [n]
     * @param index [n], row of the training networks
     */
    record Nearest(double[] distance, int[] index) {}

    /**
     * Finds the nearest training networks.
     *
     * @param networks [n, D]
     * @param excluded [n], the trajectory whose networks do not count, or −1
     */
    Nearest nearest(float[] networks, int[] excluded) {
        int n = networks.length / dimension;
        double[] distance = new double[n];
        int[] index = new int[n];
        try (NDManager manager = Torch.manager()) {
            NDArray t = manager.create(training, new Shape(trajectory.length, dimension));
            NDArray squaredNorm = t.square().sum(new int[] {1}, true).transpose();
            for (int from = 0; from < n; from += ROWS_AT_ONCE) {
                int rows = Math.min(ROWS_AT_ONCE, n - from);
                float[] d2 = scores(manager, networks, from, rows, t, squaredNorm);
                for (int r = 0; r < rows; r++) {
                    index[from + r] = smallest(d2, r * trajectory.length, excluded[from + r]);
                    distance[from + r] = exact(networks, from + r, index[from + r]);
                }
            }
        }
        return new Nearest(distance, index);
    }

    // ‖t‖² − 2⟨x, t⟩, which orders training networks as the distance does.
    private float[] scores(NDManager parent, float[] networks, int from, int rows, NDArray t, NDArray squaredNorm) {
        try (NDManager scope = parent.newSubManager()) {
            float[] part = Arrays.copyOfRange(networks, from * dimension, (from + rows) * dimension);
            NDArray x = scope.create(part, new Shape(rows, dimension));
            return x.matMul(t.transpose()).muli(-2).add(squaredNorm).toFloatArray();
        }
    }

    private int smallest(float[] scores, int row, int excluded) {
        int best = -1;
        for (int k = 0; k < trajectory.length; k++) {
            if (trajectory[k] != excluded && (best < 0 || scores[row + k] < scores[row + best])) {
                best = k;
            }
        }
        return best;
    }

    // Differences of nearly equal vectors cancel in the product form; the winner's distance is summed directly.
    private double exact(float[] networks, int row, int k) {
        double sum = 0;
        for (int i = 0; i < dimension; i++) {
            double d = networks[row * dimension + i] - training[k * dimension + i];
            sum += d * d;
        }
        return Math.sqrt(sum);
    }
}
