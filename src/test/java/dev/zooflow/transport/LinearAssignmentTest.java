package dev.zooflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinearAssignmentTest {

    @ParameterizedTest(name = "n {0}, seed {1}")
    @CsvSource({"1,1", "2,1", "3,1", "4,1", "5,1", "6,1", "7,1", "7,2", "7,3", "6,4", "5,5"})
    void costEqualsThatOfExhaustiveEnumeration(int n, long seed) {
        for (int repeat = 0; repeat < 20; repeat++) {
            double[][] cost = gaussian(new Seed(seed).child(repeat), n);
            assertThat(total(cost, LinearAssignment.minimise(cost))).isCloseTo(cheapest(cost), within(1e-12));
            assertThat(total(cost, LinearAssignment.maximise(cost))).isCloseTo(-cheapest(negated(cost)), within(1e-12));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void tiesStillGiveACheapestPermutation(long seed) {
        RandomGenerator random = new Seed(seed).generator();
        for (int repeat = 0; repeat < 50; repeat++) {
            double[][] cost = new double[6][6];
            for (double[] row : cost) {
                Arrays.setAll(row, j -> random.nextInt(3));
            }
            int[] assignment = LinearAssignment.minimise(cost);
            assertPermutation(assignment);
            assertThat(total(cost, assignment)).isEqualTo(cheapest(cost));
        }
    }

    // The optimum is the identity by construction: row i and column j differ by (x_i − y_j)² with both sorted.
    @ParameterizedTest(name = "n {0}")
    @ValueSource(ints = {2, 17, 64, 300})
    void sortedPointsOnALinePairInOrder(int n) {
        float[] x = new Seed(n).child("x").gaussian(n);
        float[] y = new Seed(n).child("y").gaussian(n);
        Arrays.sort(x);
        Arrays.sort(y);
        double[][] cost = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                cost[i][j] = (x[i] - y[j]) * (double) (x[i] - y[j]);
            }
        }
        assertThat(LinearAssignment.minimise(cost)).isEqualTo(identity(n));
    }

    // Optimality certificate: no exchange of two or three rows is cheaper.
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2})
    void noExchangeImprovesALargeAssignment(long seed) {
        int n = 120;
        double[][] cost = gaussian(new Seed(seed), n);
        int[] a = LinearAssignment.minimise(cost);
        assertPermutation(a);
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double pair = cost[i][a[i]] + cost[j][a[j]];
                assertThat(cost[i][a[j]] + cost[j][a[i]]).isGreaterThanOrEqualTo(pair - 1e-12);
                for (int k = 0; k < n; k++) {
                    double triple = pair + cost[k][a[k]];
                    double rotated = cost[i][a[j]] + cost[j][a[k]] + cost[k][a[i]];
                    if (i != j && j != k && k != i && rotated < triple - 1e-12) {
                        throw new AssertionError("rotation of rows %d %d %d is cheaper".formatted(i, j, k));
                    }
                }
            }
        }
    }

    @Test
    void manyProblemsAreSolvedLikeOne() {
        int n = 5;
        int problems = 300;
        float[] costs = new Seed(9).gaussian(problems * n * n);
        int[][] cheapest = LinearAssignment.minimiseAll(costs, n);
        int[][] dearest = LinearAssignment.maximiseAll(costs, n);
        for (int p = 0; p < problems; p++) {
            float[] one = Arrays.copyOfRange(costs, p * n * n, (p + 1) * n * n);
            assertThat(cheapest[p]).isEqualTo(LinearAssignment.minimise(one, n));
            assertThat(dearest[p]).isEqualTo(LinearAssignment.maximise(one, n));
        }
        assertThat(LinearAssignment.minimiseAll(new float[0], n)).isEmpty();
    }

    @Test
    void costsThatAreNotFiniteAreRefused() {
        assertThatThrownBy(() -> LinearAssignment.minimise(new float[] {1, 2, Float.NaN, 4}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cost (NaN) at row 1, column 0");
        assertThatThrownBy(() -> LinearAssignment.maximise(new double[][] {{1, 2}, {3, Double.NEGATIVE_INFINITY}}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1, column 1");
    }

    @Test
    void matricesThatAreNotSquareAreRefused() {
        assertThatThrownBy(() -> LinearAssignment.minimise(new double[][] {{1, 2}}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinearAssignment.minimise(new float[8], 2))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LinearAssignment.minimiseAll(new float[7], 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static double[][] gaussian(Seed seed, int n) {
        RandomGenerator random = seed.generator();
        double[][] out = new double[n][n];
        for (double[] row : out) {
            Arrays.setAll(row, j -> random.nextGaussian());
        }
        return out;
    }

    private static double[][] negated(double[][] cost) {
        return Arrays.stream(cost)
                .map(row -> Arrays.stream(row).map(v -> -v).toArray())
                .toArray(double[][]::new);
    }

    private static double total(double[][] cost, int[] columnOf) {
        double sum = 0;
        for (int i = 0; i < columnOf.length; i++) {
            sum += cost[i][columnOf[i]];
        }
        return sum;
    }

    private static double cheapest(double[][] cost) {
        return cheapest(cost, 0, new boolean[cost.length]);
    }

    private static double cheapest(double[][] cost, int row, boolean[] taken) {
        if (row == cost.length) {
            return 0;
        }
        double best = Double.POSITIVE_INFINITY;
        for (int j = 0; j < cost.length; j++) {
            if (!taken[j]) {
                taken[j] = true;
                best = Math.min(best, cost[row][j] + cheapest(cost, row + 1, taken));
                taken[j] = false;
            }
        }
        return best;
    }

    private static void assertPermutation(int[] columnOf) {
        assertThat(Arrays.stream(columnOf).sorted().toArray()).isEqualTo(identity(columnOf.length));
    }

    private static int[] identity(int n) {
        int[] out = new int[n];
        Arrays.setAll(out, i -> i);
        return out;
    }
}
