package dev.zooflow.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.path.PathSample;
import dev.zooflow.flow.solver.ButcherTableau;
import dev.zooflow.flow.solver.FixedStepSolver;
import dev.zooflow.flow.solver.SamplingNoise;
import dev.zooflow.flow.solver.TimeGrid;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.manifold.ProductManifold;
import dev.zooflow.manifold.ProductManifold.Factor;
import dev.zooflow.manifold.Sphere;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FlowMatchingTest {

    private static final int SIZE = 12;
    private static final Manifold FLAT = new Euclidean();
    private static final Manifold SPHERES =
            new ProductManifold(List.of(new Factor(new Sphere(), 0, 2, 4), new Factor(new Euclidean(), 8, 1, 4)));
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    static Stream<FlowSpace> spaces() {
        return Stream.of(
                FlowSpace.euclidean(0),
                FlowSpace.euclidean(0.1),
                FlowSpace.normalized(SPHERES, 0),
                FlowSpace.geodesic(SPHERES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spaces")
    void targetVelocityIsTheDerivativeOfThePath(FlowSpace space) {
        NDArray x0 = points(space, 1, 6);
        NDArray x1 = points(space, 2, 6);
        NDArray noise = gaussian(3, 6);
        float h = 5e-3f;
        for (float t : new float[] {0.01f, 0.3f, 0.6f, 0.98f}) {
            NDArray ahead = at(space, x0, x1, t + h, noise).xt();
            NDArray behind = at(space, x0, x1, t - h, noise).xt();
            NDArray numeric = ahead.sub(behind).div(2 * h);
            assertThat(maxDifference(at(space, x0, x1, t, noise).dxt(), numeric))
                    .as("t = %s", t)
                    .isLessThan(2e-3);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spaces")
    void pathRunsFromSourceToTarget(FlowSpace space) {
        NDArray x0 = points(space, 1, 6);
        NDArray x1 = points(space, 2, 6);
        NDArray none = gaussian(3, 6).zerosLike();
        assertThat(maxDifference(at(space, x0, x1, 0, none).xt(), x0)).isLessThan(1e-5);
        assertThat(maxDifference(at(space, x0, x1, 1, none).xt(), x1)).isLessThan(1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spaces")
    void thePerfectPredictionHasNoResidualAndTheTargetVelocity(FlowSpace space) {
        NDArray none = gaussian(3, 6).zerosLike();
        PathSample s = at(space, points(space, 1, 6), points(space, 2, 6), 0.4f, none);
        X1Prediction x1 = new X1Prediction(space);
        VelocityPrediction velocity = new VelocityPrediction(space);
        assertThat(x1.residual(s, s.x1()).abs().max().getFloat()).isLessThan(1e-5f);
        assertThat(velocity.residual(s, s.dxt()).abs().max().getFloat()).isLessThan(1e-5f);
        assertThat(maxDifference(x1.velocity(s.xt(), s.t(), s.x1()), s.dxt())).isLessThan(1e-4);
        assertThat(maxDifference(velocity.velocity(s.xt(), s.t(), s.dxt()), s.dxt()))
                .isLessThan(1e-5);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spaces")
    void residualsOfWrongPredictionsAreNotZero(FlowSpace space) {
        PathSample s = at(space, points(space, 1, 6), points(space, 2, 6), 0.4f, gaussian(3, 6));
        assertThat(new X1Prediction(space).residual(s, s.x0()).abs().max().getFloat())
                .isGreaterThan(0.1f);
        assertThat(new VelocityPrediction(space)
                        .residual(s, s.dxt().neg())
                        .abs()
                        .max()
                        .getFloat())
                .isGreaterThan(0.1f);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spaces")
    void everyMethodReachesTheTargetOfAPointPredictionInAnyNumberOfSteps(FlowSpace space) {
        NDArray x0 = points(space, 1, 6);
        NDArray x1 = points(space, 2, 6);
        X1Prediction objective = new X1Prediction(space);
        for (ButcherTableau method : ButcherTableau.all()) {
            for (int steps : new int[] {1, 2, 7, 64}) {
                NDArray end = new FixedStepSolver(space.path(), method)
                        .integrate((x, t) -> objective.velocity(x, t, x1), x0, TimeGrid.uniform(steps))
                        .x();
                assertThat(maxDifference(end, x1))
                        .as("order %d, %d steps", method.order(), steps)
                        .isLessThan(3e-4);
            }
        }
    }

    @Test
    void noiseIsAddedOnlyFromItsTimeOnAndKeepsPointsOnTheManifold() {
        NDArray x0 = points(FlowSpace.geodesic(SPHERES), 1, 6);
        NDArray scale = manager.ones(new Shape(1, SIZE));
        NDArray late = still(x0, new SamplingNoise(0.1, 1.1, scale, new Seed(5)));
        NDArray early = still(x0, new SamplingNoise(0.1, 0.5, scale, new Seed(5)));
        assertThat(maxDifference(late, x0)).isLessThan(1e-5);
        assertThat(maxDifference(early, x0)).isGreaterThan(0.05);
        assertThat(maxDifference(SPHERES.projx(early), early)).isLessThan(1e-5);
    }

    @Test
    void euclideanNoiseAccumulatesItsVariance() {
        NDArray x0 = manager.zeros(new Shape(2000, 1));
        SamplingNoise noise = new SamplingNoise(0.5, 0, manager.full(new Shape(1, 1), 2f), new Seed(6));
        NDArray end = new FixedStepSolver(FLAT, ButcherTableau.EULER)
                .integrate((x, t) -> x.zerosLike(), x0, TimeGrid.uniform(4), noise)
                .x();
        // Four steps of standard deviation 0.5 · 2.
        assertThat((double) end.square().mean().getFloat()).isCloseTo(4.0, within(0.3));
    }

    @Test
    void timesFollowTheirDistributions() {
        assertThat(mean(TimeSampler.BETA)).isCloseTo(1 / 3.0, within(0.01));
        assertThat(mean(TimeSampler.UNIFORM)).isCloseTo(0.5, within(0.01));
    }

    @Test
    void theGridHasAsManyStepsAsItSays() {
        assertThat(TimeGrid.uniform(5).steps()).isEqualTo(5);
        assertThat(TimeGrid.uniform(5).times()).containsExactly(0, 0.2, 0.4, 0.6, 0.8, 1);
    }

    private static double mean(TimeSampler sampler) {
        float[] t = sampler.sample(20_000, new Seed(1).generator());
        double sum = 0;
        for (float v : t) {
            assertThat(v).isBetween(0f, 0.9999f);
            sum += v;
        }
        return sum / t.length;
    }

    private NDArray still(NDArray x0, SamplingNoise noise) {
        return new FixedStepSolver(SPHERES, ButcherTableau.EULER)
                .integrate((x, t) -> x.zerosLike(), x0, TimeGrid.uniform(8), noise)
                .x();
    }

    private PathSample at(FlowSpace space, NDArray x0, NDArray x1, float t, NDArray noise) {
        NDArray time = manager.full(new Shape(x0.getShape().get(0), 1), t);
        return space.probPath().sample(x0, x1, time, noise);
    }

    private NDArray points(FlowSpace space, long seed, int n) {
        return space.points().projx(gaussian(seed, n));
    }

    private NDArray gaussian(long seed, int n) {
        return manager.create(new Seed(seed).gaussian(n * SIZE), new Shape(n, SIZE));
    }

    private static double maxDifference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat();
    }
}
