package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.GuidanceSpec;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.guidance.Guide;
import dev.zooflow.flow.guidance.GuidedField;
import dev.zooflow.flow.guidance.Pullback;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Guidance by the smooth objective Σ_k cos(k + θ_k), in every geometry. */
final class GuidanceTest {

    private static final Guide COSINES =
            (theta, step) -> theta.add(phases(theta)).sin().neg();

    private final NDManager manager = Torch.manager();

    @AfterEach
    void free() {
        manager.close();
    }

    private static NDArray phases(NDArray theta) {
        return theta.getManager().arange((int) theta.getShape().get(1));
    }

    private static WeightSpace space(String keys, Integer... widths) {
        var flow = ExperimentFile.parse("flows = [{ name = f, %s }]".formatted(keys))
                .flows();
        return WeightSpace.of(flow.get(0), LayerLayout.of(Architecture.relu(widths)));
    }

    private static GuidanceSpec spec(String keys) {
        return ExperimentFile.parse("sampling.guidance { strength = 0.3, %s }".formatted(keys))
                .sampling()
                .guidance();
    }

    private NDArray points(WeightSpace space, int seed) {
        int d = space.layout().size();
        return space.encode(
                manager.create(new Seed(seed).gaussian(3 * d), new Shape(3, d)).mul(0.5));
    }

    private NDArray time(double t) {
        return manager.full(new Shape(3, 1), (float) t);
    }

    /** A constant vector, made tangent. */
    private VelocityField field(WeightSpace space) {
        NDArray u = manager.create(new Seed(9).gaussian(3 * space.size()), new Shape(3, space.size()));
        return (x, t) -> space.geometry().path().proju(x, u);
    }

    @ParameterizedTest
    @CsvSource({"euclidean, keep", "normalized, keep", "normalized, unit", "geometric, keep", "geometric, unit"})
    void theGradientInCoordinatesIsTheSlopeOfTheObjective(String geometry, String temperature) {
        WeightSpace space = space("geometry=%s, temperature=%s".formatted(geometry, temperature), 3, 4, 2);
        Pullback objective = new Pullback(x -> networks(space, x), COSINES);
        // Points off the spheres too, where the paths of the Normalized flow run.
        NDArray x = geometry.equals("normalized") ? points(space, 1).mul(0.7) : points(space, 1);
        float[] gradient = objective.gradient(x, 0).toFloatArray();
        float h = 1e-2f;
        for (int k = 0; k < gradient.length; k++) {
            double slope = (value(space, x, k, h) - value(space, x, k, -h)) / (2 * h);
            assertThat((double) gradient[k]).as("coordinate %d", k).isCloseTo(slope, within(3e-3));
        }
    }

    private static NDArray networks(WeightSpace space, NDArray x) {
        return space.decode(space.geometry().points().projx(x));
    }

    private static double value(WeightSpace space, NDArray x, int k, float by) {
        float[] moved = x.toFloatArray();
        moved[k] += by;
        NDArray theta = networks(space, x.getManager().create(moved, x.getShape()));
        double sum = 0;
        float[] values = theta.add(phases(theta)).toFloatArray();
        for (float v : values) {
            sum += Math.cos(v);
        }
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"xt, none", "xt, velocity", "xt, block", "x1, none", "x1, velocity", "x1, block", "x1, initial"})
    void guidedVelocitiesAreTangent(String at, String normalise) {
        WeightSpace space = space("geometry=geometric", 4, 6, 3);
        NDArray x = points(space, 2);
        GuidedField guided =
                Guidance.of(field(space), space, spec("at=%s, normalise=%s".formatted(at, normalise)), COSINES);
        guided.velocity(x, time(0.2));
        NDArray v = guided.velocity(x, time(0.4));
        assertThat(space.geometry().path().proju(x, v).sub(v).abs().max().getFloat())
                .isLessThan(1e-5f);
        assertThat(v.sub(field(space).velocity(x, time(0.4))).abs().max().getFloat())
                .isGreaterThan(1e-3f);
    }

    @Test
    void withoutNormalisationTheGradientAtTheCurrentPointIsSubtracted() {
        WeightSpace space = space("geometry=euclidean", 3, 4, 2);
        NDArray x = points(space, 3);
        NDArray expected =
                field(space).velocity(x, time(0)).sub(COSINES.gradient(x, 0).mul(0.3));
        NDArray v = Guidance.of(field(space), space, spec("at=xt, normalise=none"), COSINES)
                .velocity(x, time(0));
        assertThat(v.toFloatArray()).containsExactly(expected.toFloatArray(), within(1e-6f));
    }

    @Test
    void atTheEndPointTheObjectiveSeesWhereTheVelocityLeads() {
        WeightSpace space = space("geometry=geometric", 3, 4, 2);
        Manifold manifold = space.geometry().path();
        NDArray x = points(space, 4);
        NDArray end = manifold.expmap(x, field(space).velocity(x, time(0.75)).mul(0.25));
        NDArray[] seen = new NDArray[1];
        Guide spy = (theta, step) -> {
            seen[0] = theta.duplicate();
            return COSINES.gradient(theta, step);
        };
        Guidance.of(field(space), space, spec("at=x1"), spy).velocity(x, time(0.75));
        assertThat(seen[0].toFloatArray()).containsExactly(space.decode(end).toFloatArray(), within(1e-5f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"velocity", "block"})
    void normalisedGuidanceHasTheSameShareOfTheVelocityAtEveryWidth(String normalise) {
        for (int width : new int[] {2, 8, 64}) {
            WeightSpace space = space("geometry=geometric", 5, width, 3);
            NDArray x = points(space, 5);
            NDArray v = field(space).velocity(x, time(0.5));
            NDArray guided = Guidance.of(field(space), space, spec("at=xt, normalise=" + normalise), COSINES)
                    .velocity(x, time(0.5));
            float[] share =
                    guided.sub(v).norm(new int[] {1}).div(v.norm(new int[] {1})).toFloatArray();
            assertThat(share).as("width %d", width).containsExactly(new float[] {0.3f, 0.3f, 0.3f}, within(1e-4f));
        }
    }

    @Test
    void theFirstGradientSaysHowFarLaterOnesLead() {
        WeightSpace space = space("geometry=euclidean", 3, 4, 2);
        NDArray way = manager.create(new Seed(10).gaussian(space.size()), new Shape(1, space.size()));
        try (GuidedField guided = Guidance.of(
                field(space),
                space,
                spec("at=xt, normalise=initial"),
                (theta, step) -> theta.onesLike().mul(way).mul(7 * Math.pow(0.5, step)))) {
            assertThat(share(guided, space, 0)).isCloseTo(0.3, within(1e-4));
            assertThat(share(guided, space, 0.5)).isCloseTo(0.15, within(1e-4));
            assertThat(share(guided, space, 0.75)).isCloseTo(0.075, within(1e-4));
        }
    }

    @Test
    void movesOfTheEndPointAddUpOverTime() {
        WeightSpace space = space("geometry=euclidean", 3, 4, 2);
        NDArray x = points(space, 8);
        // Every network wants to go the same way; the field leads to the origin from everywhere.
        NDArray way = manager.create(new Seed(10).gaussian(space.size()), new Shape(1, space.size()));
        VelocityField home = (p, t) -> p.neg().div(t.neg().add(1));
        GuidedField guided = Guidance.of(
                home,
                space,
                spec("at=x1, normalise=none, from=0.25"),
                (theta, step) -> theta.onesLike().mul(way));
        for (int k = 0; k < 8; k++) {
            x = x.add(guided.velocity(x, time(k / 8.0)).mul(1 / 8.0));
        }
        assertThat(guided.evaluations()).isEqualTo(6);
        // λ = 0.3 over six intervals of 1/8.
        float[] expected = x.zerosLike().sub(way.mul(0.3 * 6 / 8)).toFloatArray();
        assertThat(x.toFloatArray()).containsExactly(expected, within(1e-5f));
    }

    @ParameterizedTest
    @CsvSource({"block, 1", "initial, 2"})
    void whatIsKeptBetweenStepsIsFreed(String normalise, int kept) {
        WeightSpace space = space("geometry=geometric", 3, 4, 2);
        NDArray x = points(space, 8);
        VelocityField field = field(space);
        int before = manager.getManagedArrays().size();
        try (GuidedField guided = Guidance.of(field, space, spec("at=x1, normalise=" + normalise), COSINES)) {
            for (int k = 0; k < 8; k++) {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    guided.velocity(x, time(k / 8.0));
                }
            }
            assertThat(manager.getManagedArrays()).hasSize(before + kept);
        }
        assertThat(manager.getManagedArrays()).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({"constant, 1, 1", "linear, 0.5, 1", "cosine, 0.5, 1"})
    void theStrengthFollowsItsSchedule(String schedule, double atMiddle, double atEnd) {
        WeightSpace space = space("geometry=euclidean", 3, 4, 2);
        GuidedField guided = Guidance.of(
                field(space),
                space,
                spec("at=xt, normalise=velocity, from=0.4, to=0.8, schedule=" + schedule),
                COSINES);
        assertThat(share(guided, space, 0.39)).isZero();
        assertThat(share(guided, space, 0.6)).isCloseTo(0.3 * atMiddle, within(1e-4));
        assertThat(share(guided, space, 0.8)).isCloseTo(0.3 * atEnd, within(1e-4));
        assertThat(share(guided, space, 0.81)).isZero();
        assertThat(guided.evaluations()).isEqualTo(2);
    }

    private double share(GuidedField guided, WeightSpace space, double t) {
        NDArray x = points(space, 6);
        NDArray v = field(space).velocity(x, time(t));
        return guided.velocity(x, time(t)).sub(v).norm().getFloat() / v.norm().getFloat();
    }

    @Test
    void everyEvaluationHasItsNumber() {
        WeightSpace space = space("geometry=euclidean", 3, 4, 2);
        StringBuilder steps = new StringBuilder();
        Guide guide = (theta, step) -> {
            steps.append(step).append(' ');
            return theta;
        };
        GuidedField guided = Guidance.of(field(space), space, spec("at=xt, from=0.5"), guide);
        for (double t : new double[] {0, 0.25, 0.5, 0.75}) {
            guided.velocity(points(space, 7), time(t));
        }
        assertThat(steps).hasToString("0 1 ");
    }
}
