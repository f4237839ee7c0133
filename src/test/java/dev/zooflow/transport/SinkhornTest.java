package dev.zooflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinkhornTest {

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    // Two by two, P = [[p, ½−p], [½−p, p]] with p²/(½−p)² = exp((C01 + C10 − C00 − C11)/ε).
    @ParameterizedTest(name = "epsilon {0}")
    @ValueSource(doubles = {0.1, 0.5, 3})
    void planOfTwoByTwoIsItsClosedForm(double epsilon) {
        NDArray cost = manager.create(new float[] {0.25f, 1, 0.75f, 0.5f}, new Shape(1, 2, 2));
        double odds = Math.exp((1 + 0.75 - 0.25 - 0.5) / (2 * epsilon));
        float p = (float) (0.5 * odds / (1 + odds));
        Sinkhorn.Result result = new Sinkhorn(epsilon, 1000, 1e-9).solve(cost);
        assertThat(result.plan().toFloatArray()).containsExactly(new float[] {p, 0.5f - p, 0.5f - p, p}, within(1e-6f));
        assertThat(result.converged()).containsExactly(true);
    }

    // SciPy 1.17.1, epsilon 0.5: minimum of (x*(C + eps*(log(x) - 1))).sum() under the marginals by
    // scipy.optimize.minimize(method='SLSQP', options={'ftol': 1e-15}).
    @Test
    void planOfARectangleIsThatOfSciPy() {
        NDArray cost = manager.create(new float[] {0, 1, 3, 2, 0.5f, 1.5f}, new Shape(1, 2, 3));
        Sinkhorn.Result result = new Sinkhorn(0.5, 1000, 1e-9).solve(cost);
        assertThat(result.plan().toFloatArray())
                .containsExactly(
                        new float[] {0.330260f, 0.139991f, 0.0297486f, 0.00307332f, 0.193342f, 0.303585f},
                        within(1e-6f));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void marginalsAreUniformAndProblemsDoNotInteract(long seed) {
        NDArray cost = uniform(seed, 4, 5, 8);
        Sinkhorn sinkhorn = new Sinkhorn(0.05, 2000, 1e-8);
        NDArray plan = sinkhorn.solve(cost).plan();
        assertThat(plan.sum(new int[] {2}).toFloatArray()).containsOnly(new float[] {0.2f}, within(1e-6f));
        assertThat(plan.sum(new int[] {1}).toFloatArray()).containsOnly(new float[] {0.125f}, within(1e-6f));
        NDArray alone = sinkhorn.solve(cost.get("2:3")).plan();
        assertThat(alone.sub(plan.get("2:3")).abs().max().getFloat()).isLessThan(1e-6f);
    }

    // The gap to the exact cost is in [0, ε ln n], but for the marginal error.
    @ParameterizedTest(name = "seed {0}, epsilon {1}")
    @CsvSource({"1, 0.1", "1, 0.02", "2, 0.02", "2, 0.005", "3, 0.005"})
    void costApproachesTheExactAssignment(long seed, double epsilon) {
        int n = 7;
        NDArray cost = uniform(seed, 1, n, n);
        Sinkhorn.Result result = new Sinkhorn(epsilon, 20_000, 1e-4).solve(cost);
        assertThat(result.converged()).containsExactly(true);
        double gap = result.plan().mul(cost).sum().getFloat() - exact(cost, n) / n;
        assertThat(gap).isBetween(-1e-4, epsilon * Math.log(n));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void smallEpsilonGivesTheExactAssignment(long seed) {
        int n = 6;
        NDArray cost = uniform(seed, 1, n, n);
        NDArray plan = new Sinkhorn(1e-3, 20_000, 1e-4).solve(cost).plan();
        int[] nearest = LinearAssignment.maximise(plan.toFloatArray(), n);
        assertThat(nearest).isEqualTo(LinearAssignment.minimise(cost.toFloatArray(), n));
        for (int i = 0; i < n; i++) {
            assertThat(plan.getFloat(0, i, nearest[i]) * n).isGreaterThan(0.9f);
        }
    }

    @Test
    void whatHasNotConvergedSaysSo() {
        NDArray easy = manager.zeros(new Shape(1, 6, 6));
        NDArray hard = uniform(1, 1, 6, 6);
        Sinkhorn.Result result = new Sinkhorn(1e-3, 15, 1e-6).solve(easy.concat(hard, 0));
        assertThat(result.converged()).containsExactly(true, false);
        assertThat(result.iterations()).isEqualTo(15);
        assertThat(result.marginalError()[1]).isGreaterThan(1e-6);
        NDArray rows = result.plan().get("1:2").sum(new int[] {2}).sub(1f / 6);
        assertThat((double) rows.abs().sum().getFloat()).isCloseTo(result.marginalError()[1], within(1e-5));
    }

    @Test
    void largeCostsDoNotUnderflow() {
        NDArray cost = uniform(4, 1, 6, 6).mul(1e4f);
        Sinkhorn.Result result = new Sinkhorn(100, 20_000, 1e-6).solve(cost);
        assertThat(result.converged()).containsExactly(true);
        assertThat(result.plan().isNaN().any().getBoolean()).isFalse();
    }

    // Central differences of ⟨weights, balance(logits)⟩.
    @Test
    void gradientsGoThroughTheIterations() {
        NDArray weights = uniform(2, 1, 3, 3);
        NDArray logits = uniform(3, 1, 3, 3);
        logits.setRequiresGradient(true);
        Autograd.record(() -> {
            Autograd.backward(Sinkhorn.balance(logits, 20).exp().mul(weights).sum());
            return logits;
        });
        float[] gradient = logits.getGradient().toFloatArray();
        float[] values = logits.toFloatArray();
        float h = 1e-2f;
        for (int k = 0; k < 9; k++) {
            double difference = (value(values, k, h, weights) - value(values, k, -h, weights)) / (2 * h);
            assertThat((double) gradient[k]).isCloseTo(difference, within(1e-4));
        }
    }

    private double value(float[] logits, int k, float h, NDArray weights) {
        float[] moved = logits.clone();
        moved[k] += h;
        NDArray array = manager.create(moved, weights.getShape());
        return Sinkhorn.balance(array, 20).exp().mul(weights).sum().getFloat();
    }

    @Test
    void solvingLeavesNothingBehindButThePlan() {
        NDArray cost = uniform(1, 2, 4, 4);
        int before = manager.getManagedArrays().size();
        NDArray plan = new Sinkhorn(0.1, 200, 1e-6).solve(cost).plan();
        assertThat(manager.getManagedArrays()).hasSize(before + 1);
        assertThat(plan.isReleased()).isFalse();
    }

    @Test
    void costsThatAreNotFiniteAreRefused() {
        NDArray cost = manager.create(new float[] {0, 1, Float.NaN, 2}, new Shape(1, 2, 2));
        assertThatThrownBy(() -> new Sinkhorn(0.1, 10, 1e-3).solve(cost))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not all finite");
    }

    @Test
    void settingsThatAreNotPositiveAreRefused() {
        assertThatThrownBy(() -> new Sinkhorn(0, 10, 1e-3)).hasMessageContaining("epsilon (0.0)");
        assertThatThrownBy(() -> new Sinkhorn(Double.NaN, 10, 1e-3)).hasMessageContaining("epsilon (NaN)");
    }

    private static double exact(NDArray cost, int n) {
        float[] values = cost.toFloatArray();
        int[] columns = LinearAssignment.minimise(values, n);
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += values[i * n + columns[i]];
        }
        return sum;
    }

    private NDArray uniform(long seed, int problems, int n, int m) {
        double[] u = new Seed(seed).generator().doubles((long) problems * n * m).toArray();
        float[] values = new float[u.length];
        Arrays.setAll(u, k -> values[k] = (float) u[k]);
        return manager.create(values, new Shape(problems, n, m));
    }
}
