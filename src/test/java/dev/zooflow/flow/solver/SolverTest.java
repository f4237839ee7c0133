package dev.zooflow.flow.solver;

import static dev.zooflow.flow.solver.AnalyticFlow.MANIFOLD;
import static dev.zooflow.flow.solver.AnalyticFlow.gap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SolverTest {

    private static final int N = 5;

    private final NDManager manager = Torch.manager();
    private final AnalyticFlow flow = new AnalyticFlow(manager);

    @AfterEach
    void close() {
        manager.close();
    }

    static Stream<ButcherTableau> methods() {
        return ButcherTableau.all().stream();
    }

    @ParameterizedTest(name = "order {0}")
    @MethodSource("methods")
    void stagesOfATableauAreConsistent(ButcherTableau method) {
        assertThat(Arrays.stream(method.b()).sum()).isCloseTo(1, within(1e-14));
        double firstMoment = 0;
        for (int i = 0; i < method.stages(); i++) {
            assertThat(method.a()[i]).hasSize(i);
            firstMoment += method.b()[i] * method.c()[i];
        }
        assertThat(firstMoment).isCloseTo(method.order() > 1 ? 0.5 : 0, within(1e-14));
        method.embedded().ifPresent(e -> assertThat(Arrays.stream(e.b()).sum()).isCloseTo(1, within(1e-14)));
    }

    /** Into t = 1 too, where another method may take the last step. */
    @ParameterizedTest(name = "order {0}")
    @MethodSource("methods")
    void theErrorFallsWithTheOrderOfTheMethodOnAProductOfSpheresAndAPlane(ButcherTableau method) {
        int steps = method.order() > 3 ? 8 : 32;
        double ratio = error(method, steps) / error(method, 2 * steps);
        // Dormand–Prince's last step has a local error of order 4 here.
        double order = Math.min(4, method.order());
        assertThat(Math.log(ratio) / Math.log(2)).isCloseTo(order, within(0.35));
        assertThat(error(method, 2 * steps)).isLessThan(method.order() == 1 ? 0.1 : 0.005);
    }

    @Test
    void dormandPrinceHasOrderFiveWhereItTakesAllSteps() {
        double coarse = backAndForth(8);
        double fine = backAndForth(16);
        assertThat(Math.log(coarse / fine) / Math.log(2)).isBetween(4.6, 6.5);
    }

    // The integration backwards from the exact end: no step ends at t = 1.
    private double backAndForth(int steps) {
        NDArray x0 = flow.start(N);
        NDArray back = new FixedStepSolver(MANIFOLD, ButcherTableau.DORMAND_PRINCE)
                .integrate(flow.field(), flow.end(x0), TimeGrid.between(1, 0, steps))
                .x();
        return gap(back, x0);
    }

    private double error(ButcherTableau method, int steps) {
        NDArray x0 = flow.start(N);
        NDArray end = new FixedStepSolver(MANIFOLD, method)
                .integrate(flow.field(), x0, TimeGrid.uniform(steps))
                .x();
        assertThat(gap(MANIFOLD.projx(end), end)).isLessThan(1e-12);
        return gap(end, flow.end(x0));
    }

    @ParameterizedTest(name = "order {0}")
    @MethodSource("methods")
    void noStageIsEvaluatedAtTheEndOfTime(ButcherTableau method) {
        NDArray x0 = manager.zeros(new Shape(3, 2));
        VelocityField singular = (x, t) -> x.neg().add(1).div(t.neg().add(1));
        for (int steps : List.of(1, 2, 5, 100)) {
            Solution s = new FixedStepSolver(new Euclidean(), method).integrate(singular, x0, TimeGrid.uniform(steps));
            assertThat(gap(s.x(), x0.add(1))).isLessThan(1e-5);
            assertThat(s.steps()).isEqualTo(steps);
            assertThat(s.evaluations())
                    .isEqualTo((steps - 1) * method.stages() + method.closing().stages());
        }
    }

    @Test
    void theAdaptiveSolverKeepsItsTolerance() {
        NDArray x0 = flow.start(N);
        int evaluations = 0;
        for (double tolerance : new double[] {1e-3, 1e-5, 1e-7}) {
            Solution s = adaptive(tolerance).integrate(flow.field(), x0, 0, 1);
            assertThat(gap(s.x(), flow.end(x0))).isLessThan(20 * tolerance);
            assertThat(s.evaluations()).isGreaterThan(evaluations).isLessThan(400);
            evaluations = s.evaluations();
        }
    }

    @Test
    void theAdaptiveSolverIsCheaperThanFixedStepsOfTheSameError() {
        NDArray x0 = flow.start(N);
        Solution s = adaptive(1e-6).integrate(flow.field(), x0, 0, 1);
        int steps = s.evaluations() / 2;
        NDArray heun = new FixedStepSolver(MANIFOLD, ButcherTableau.HEUN)
                .integrate(flow.field(), x0, TimeGrid.uniform(steps))
                .x();
        assertThat(gap(s.x(), flow.end(x0))).isLessThan(0.1 * gap(heun, flow.end(x0)));
    }

    @Test
    void theWorstPointDecidesOnTheStepsOfAll() {
        VelocityField spring = (x, t) -> x.neg();
        NDArray calm = manager.create(new double[] {1, 0}, new Shape(1, 2));
        NDArray both = manager.create(new double[] {1, 0, 1e4, 0}, new Shape(2, 2));
        NDArray scale = manager.ones(new Shape(1, 2));
        AdaptiveSolver solver = new AdaptiveSolver(new Euclidean(), ButcherTableau.DORMAND_PRINCE, 1e-12, 1e-3, scale);
        Solution alone = solver.integrate(spring, calm, 0, 0.9);
        Solution together = solver.integrate(spring, both, 0, 0.9);
        assertThat(together.steps()).isGreaterThan(alone.steps());
        assertThat(together.x().get(1).getDouble(0)).isCloseTo(1e4 * Math.exp(-0.9), within(0.02));
    }

    @Test
    void theAdaptiveSolverMeetsASingularEnd() {
        NDArray x0 = manager.zeros(new Shape(2, 1));
        // x̂1 = sin 3t: dx/dt = (sin 3t − x)/(1 − t).
        VelocityField field = (x, t) -> t.mul(3).sin().sub(x).div(t.neg().add(1));
        NDArray scale = manager.ones(new Shape(1, 1));
        Solution s = new AdaptiveSolver(new Euclidean(), ButcherTableau.DORMAND_PRINCE, 1e-4, 1e-4, scale)
                .integrate(field, x0, 0, 1);
        assertThat((double) s.x().getFloat(0)).isCloseTo(Math.sin(3), within(2e-3));
    }

    @Test
    void aToleranceThatCanNotBeMetIsAnError() {
        NDArray x0 = manager.zeros(new Shape(1, 1));
        VelocityField jumpy = (x, t) -> t.mul(1e7).sin().mul(1e6).add(x.mul(0));
        NDArray scale = manager.ones(new Shape(1, 1));
        AdaptiveSolver solver = new AdaptiveSolver(new Euclidean(), ButcherTableau.DORMAND_PRINCE, 1e-6, 1e-6, scale);
        assertThatThrownBy(() -> solver.integrate(jumpy, x0, 0, 1))
                .isInstanceOf(ArithmeticException.class)
                .hasMessageContaining("Maybe a larger rtol");
    }

    @Test
    void stepsLeaveNoArrayBehind() {
        NDArray x0 = flow.start(N);
        int before = manager.getManagedArrays().size();
        Solution fixed =
                new FixedStepSolver(MANIFOLD, ButcherTableau.RK4).integrate(flow.field(), x0, TimeGrid.uniform(20));
        Solution adaptive = adaptive(1e-5).integrate(flow.field(), x0, 0, 1);
        fixed.x().close();
        adaptive.x().close();
        // What the two calls of field() hold.
        assertThat(manager.getManagedArrays().size() - before).isLessThanOrEqualTo(2 * 4 + 2);
    }

    @Test
    void theSameSeedGivesTheSameNoise() {
        NDArray x0 = flow.start(N);
        SamplingNoise noise = new SamplingNoise(0.1, 0.5, manager.ones(new Shape(1, 10)), new Seed(1));
        FixedStepSolver solver = new FixedStepSolver(MANIFOLD, ButcherTableau.HEUN);
        NDArray once =
                solver.integrate(flow.field(), x0, TimeGrid.uniform(8), noise).x();
        NDArray again =
                solver.integrate(flow.field(), x0, TimeGrid.uniform(8), noise).x();
        NDArray none = solver.integrate(flow.field(), x0, TimeGrid.uniform(8)).x();
        assertThat(gap(once, again)).isZero();
        assertThat(gap(once, none)).isGreaterThan(0.01);
    }

    private AdaptiveSolver adaptive(double tolerance) {
        NDArray scale = manager.ones(new Shape(1, 10));
        return new AdaptiveSolver(MANIFOLD, ButcherTableau.DORMAND_PRINCE, tolerance, tolerance, scale);
    }
}
