package dev.zooflow.transport;

import java.util.stream.IntStream;

/**
 * The exact linear assignment problem: the permutation σ that minimises, or maximises, Σ_i cost[i, σ(i)].
 *
 * <p>Every method returns σ as an array, the column of each row, and refuses costs that are not finite. O(n³) at worst,
 * by shortest augmenting paths; arithmetic is in double precision. Ties are broken in a fixed way.
 */
public final class LinearAssignment {

    // Problems that one task solves with the same scratch memory.
    private static final int BLOCK = 64;

    private LinearAssignment() {}

    /** The cheapest permutation of a square matrix. */
    public static int[] minimise(double[][] cost) {
        return solve(cost, 1);
    }

    /** The permutation of largest total value of a square matrix. */
    public static int[] maximise(double[][] value) {
        return solve(value, -1);
    }

    /** The cheapest permutation; {@code cost} is [n, n] row-major. */
    public static int[] minimise(float[] cost, int n) {
        return minimiseAll(checkSquare(cost, n), n)[0];
    }

    /** The permutation of largest total value; {@code value} is [n, n] row-major. */
    public static int[] maximise(float[] value, int n) {
        return maximiseAll(checkSquare(value, n), n)[0];
    }

    /**
     * The cheapest permutation of each of p problems, solved in parallel on the common pool.
     *
     * @param costs [p, n, n] row-major
     * @return [p][n]
     */
    public static int[][] minimiseAll(float[] costs, int n) {
        return solveAll(costs, n, 1);
    }

    /**
     * The permutation of largest total value of each of p problems, solved in parallel on the common pool.
     *
     * @param values [p, n, n] row-major
     * @return [p][n]
     */
    public static int[][] maximiseAll(float[] values, int n) {
        return solveAll(values, n, -1);
    }

    private static int[][] solveAll(float[] costs, int n, int sign) {
        if (n < 1 || costs.length % (n * n) != 0) {
            throw new IllegalArgumentException(
                    "cost matrices of %d values are not of size %d x %d. Maybe another width?"
                            .formatted(costs.length, n, n));
        }
        int problems = costs.length / (n * n);
        int[][] result = new int[problems][];
        int blocks = (problems + BLOCK - 1) / BLOCK;
        // A single large problem gains nothing from another thread.
        IntStream range = IntStream.range(0, blocks);
        (blocks > 1 ? range.parallel() : range)
                .forEach(b -> solveBlock(costs, n, sign, b * BLOCK, Math.min(problems, (b + 1) * BLOCK), result));
        return result;
    }

    private static void solveBlock(float[] costs, int n, int sign, int from, int to, int[][] result) {
        ShortestAugmentingPath solver = new ShortestAugmentingPath(n);
        double[] cost = new double[n * n];
        for (int p = from; p < to; p++) {
            for (int k = 0; k < cost.length; k++) {
                cost[k] = checkFinite(costs[p * cost.length + k], k / n, k % n) * sign;
            }
            result[p] = solver.solve(cost);
        }
    }

    private static int[] solve(double[][] matrix, int sign) {
        int n = matrix.length;
        double[] cost = new double[n * n];
        for (int i = 0; i < n; i++) {
            if (matrix[i].length != n) {
                throw new IllegalArgumentException("row %d has %d columns, but the matrix has %d rows. Maybe pad it?"
                        .formatted(i, matrix[i].length, n));
            }
            for (int j = 0; j < n; j++) {
                cost[i * n + j] = checkFinite(matrix[i][j], i, j) * sign;
            }
        }
        return new ShortestAugmentingPath(n).solve(cost);
    }

    private static float[] checkSquare(float[] cost, int n) {
        if (cost.length != n * n) {
            throw new IllegalArgumentException(
                    "cost matrix of %d values is not of size %d x %d".formatted(cost.length, n, n));
        }
        return cost;
    }

    private static double checkFinite(double cost, int row, int column) {
        if (!Double.isFinite(cost)) {
            throw new IllegalArgumentException(
                    "cost (%s) at row %d, column %d is not finite. Maybe the weights have diverged?"
                            .formatted(cost, row, column));
        }
        return cost;
    }
}
