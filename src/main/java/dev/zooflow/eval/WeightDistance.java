package dev.zooflow.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Euclidean distances of networks to the training networks of a zoo.
 *
 * <p>Legend: N training networks, n others, K coordinates of which the first D are compared.
 *
 * @param training [N, K]
 * @param trajectory of each training network, [N]
 * @param size K
 * @param compared D
 */
record WeightDistance(float[] training, int[] trajectory, int size, int compared) {

    private static final int ROWS_AT_ONCE = 256;

    // Of a sum of squared norms: more than single precision loses in ‖x‖² + ‖t‖² − 2⟨x, t⟩.
    private static final double SLACK = 1e-5;

    /** How many trajectories at most a network has candidates of. */
    static final int CANDIDATES = 4;

    /**
     * The nearest training network of each network, and what else comes close.
     *
     * @param distance [n]
     * @param index [n], row of the training networks
     * @param candidates [n][1 … {@link #CANDIDATES}], the nearest row of each of the nearest trajectories, the index first
     */
    record Nearest(double[] distance, int[] index, int[][] candidates) {

        /**
         * What is nearest once candidates were measured in another way: the old nearest one unless a candidate is nearer now.
         *
         * @param measured [n][1 … {@link #CANDIDATES}], new distances of the candidates
         */
        Nearest with(double[][] measured) {
            double[] nearer = distance.clone();
            int[] which = index.clone();
            for (int i = 0; i < nearer.length; i++) {
                for (int c = 0; c < measured[i].length; c++) {
                    if (measured[i][c] < nearer[i]) {
                        nearer[i] = measured[i][c];
                        which[i] = candidates[i][c];
                    }
                }
            }
            return new Nearest(nearer, which, candidates);
        }
    }

    /**
     * The nearest training networks of other trajectories.
     *
     * @param networks [n, K]
     * @param excluded [n], the trajectory whose networks do not count, or −1
     * @throws IllegalArgumentException if a network has no training network left
     */
    Nearest nearest(float[] networks, int[] excluded) {
        int n = excluded.length;
        Nearest found = new Nearest(new double[n], new int[n], new int[n][]);
        try (NDManager manager = Torch.manager()) {
            NDArray t = compared(manager, training);
            NDArray squaredNorm = t.square().sum(new int[] {1});
            for (int from = 0; from < excluded.length; from += ROWS_AT_ONCE) {
                int first = from;
                int rows = Math.min(ROWS_AT_ONCE, excluded.length - from);
                float[] squares = squares(manager, networks, first, rows, t, squaredNorm);
                IntStream.range(0, rows)
                        .parallel()
                        .forEach(r -> search(networks, first + r, squares, r, excluded[first + r], found));
            }
        }
        return found;
    }

    /** No excluded trajectory for any of n networks. */
    static int[] nobody(int n) {
        int[] out = new int[n];
        Arrays.fill(out, -1);
        return out;
    }

    // [rows, N], squared distances with the rounding of the product form.
    private float[] squares(NDManager parent, float[] networks, int from, int rows, NDArray t, NDArray squaredNorm) {
        try (NDManager scope = parent.newSubManager()) {
            NDArray x = compared(scope, Arrays.copyOfRange(networks, from * size, (from + rows) * size));
            NDArray own = x.square().sum(new int[] {1}, true);
            return x.matMul(t.transpose()).muli(-2).addi(own).add(squaredNorm).toFloatArray();
        }
    }

    private NDArray compared(NDManager manager, float[] z) {
        return Torch.array(manager, z, new Shape(z.length / size, size)).get(":, 0:{}", compared);
    }

    // Differences of nearly equal vectors cancel in the product form, so whatever comes close is measured directly.
    private void search(float[] networks, int row, float[] squares, int at, int excluded, Nearest found) {
        int first = at * trajectory.length;
        float smallest = Float.POSITIVE_INFINITY;
        for (int k = 0; k < trajectory.length; k++) {
            smallest = trajectory[k] == excluded ? smallest : Math.min(smallest, squares[first + k]);
        }
        double limit = smallest + SLACK * 2 * (squaredNorm(networks, row) + Math.max(0, smallest));
        double best = Double.POSITIVE_INFINITY;
        for (int k = 0; k < trajectory.length; k++) {
            if (trajectory[k] != excluded && squares[first + k] <= limit) {
                double distance = exact(networks, row, k);
                if (distance < best) {
                    best = distance;
                    found.index[row] = k;
                }
            }
        }
        if (best == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "network (%d) has no training network to be compared with".formatted(row));
        }
        found.distance[row] = best;
        found.candidates[row] = candidates(squares, first, found.index[row], excluded);
    }

    private int[] candidates(float[] squares, int first, int nearest, int excluded) {
        Map<Integer, Integer> ofTrajectory = new HashMap<>();
        for (int k = 0; k < trajectory.length; k++) {
            if (trajectory[k] != excluded && trajectory[k] != trajectory[nearest]) {
                ofTrajectory.merge(trajectory[k], k, (a, b) -> squares[first + b] < squares[first + a] ? b : a);
            }
        }
        IntStream others = ofTrajectory.values().stream()
                .sorted(Comparator.comparing(k -> squares[first + k]))
                .limit(CANDIDATES - 1)
                .mapToInt(Integer::intValue);
        return IntStream.concat(IntStream.of(nearest), others).toArray();
    }

    private double squaredNorm(float[] networks, int row) {
        double sum = 0;
        for (int i = row * size; i < row * size + compared; i++) {
            sum += (double) networks[i] * networks[i];
        }
        return sum;
    }

    private double exact(float[] networks, int row, int k) {
        double sum = 0;
        for (int i = 0; i < compared; i++) {
            double d = (double) networks[row * size + i] - training[k * size + i];
            sum += d * d;
        }
        return Math.sqrt(sum);
    }
}
