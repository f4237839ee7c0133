package dev.zooflow.model;

import static dev.zooflow.model.TrainingFixture.meanLoss;
import static dev.zooflow.model.TrainingFixture.train;
import static dev.zooflow.model.TrainingFixture.twoCentres;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.nn.Dropout;
import dev.zooflow.nn.ParameterLayout;
import dev.zooflow.nn.Parameters;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every backbone as the vector field of every flow. */
class BackboneTrainingTest {

    private static final Architecture SMALL = Architecture.relu(5, 4, 3);
    private static final SamplingSpec SAMPLING =
            ExperimentFile.parse("sampling { steps = 16 }").sampling();

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "pna,euclidean,x1",
        "pna,normalized,x1",
        "pna,geometric,x1",
        "pna,geometric,velocity",
        "neuron-transformer,euclidean,x1",
        "neuron-transformer,normalized,x1",
        "neuron-transformer,geometric,x1",
        "neuron-transformer,geometric,velocity",
        "flat,euclidean,velocity",
        "flat,euclidean,x1",
        "flat,normalized,x1",
        "flat,geometric,x1"
    })
    void everyBackboneLearnsAndSamplesInEveryGeometry(String kind, String geometry, String prediction) {
        try (FlowTrainer trainer =
                new FlowTrainer(flow(kind, geometry, prediction), 0.1, twoCentres(SMALL, 60), new Seed(1))) {
            double before = meanLoss(trainer, 10);
            train(trainer, 150);
            assertThat(meanLoss(trainer, 20)).isLessThan(0.9 * before);
            WeightBatch sampled = trainer.snapshot().sample(8, SAMPLING, new Seed(2));
            assertThat(sampled.size()).isEqualTo(8);
            assertThat(sampled.nonFinite()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "relational-transformer,euclidean,velocity",
        "relational-transformer,geometric,x1",
        "relational-transformer,normalized,x1",
        "pna,euclidean,x1",
        "pna,geometric,x1",
        "neuron-transformer,euclidean,velocity",
        "neuron-transformer,geometric,x1",
        "flat,euclidean,velocity",
        "flat,geometric,x1"
    })
    void theGradientOfTheWholeTrainingLossMatchesFiniteDifferences(String kind, String geometry, String prediction) {
        FlowSpec spec = flow(kind, geometry, prediction);
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, twoCentres(SMALL, 60), new Seed(1));
                NDManager manager = Torch.manager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            ParameterLayout layout = trainer.parameterLayout();
            float[] values = new Seed(9).gaussian(layout.size());
            for (int i = 0; i < values.length; i++) {
                values[i] *= 0.3f;
            }
            Parameters p = new Parameters(manager, layout, values, true);
            Autograd.record(() -> {
                Autograd.backward(trainer.loss(p, trainer.draw(new Seed(4)), Dropout.NONE));
                return p;
            });
            float[] gradient = p.gradient(manager).toFloatArray();
            for (long direction = 0; direction < 3; direction++) {
                // The gradient's own direction has the largest derivative; the others are random ones added to it.
                float[] along = new Seed(direction).gaussian(values.length);
                double norm = 0;
                for (int i = 0; i < along.length; i++) {
                    norm += gradient[i] * gradient[i] / along.length;
                }
                double analytic = 0;
                for (int i = 0; i < along.length; i++) {
                    along[i] = (float) (gradient[i] / Math.sqrt(norm) + 0.5 * direction * along[i]);
                    analytic += (double) gradient[i] * along[i];
                }
                double h = 2e-4;
                double numeric =
                        (loss(trainer, layout, values, along, h) - loss(trainer, layout, values, along, -h)) / (2 * h);
                assertThat(numeric)
                        .as("direction %d", direction)
                        .isCloseTo(analytic, within(0.02 * Math.abs(analytic)));
            }
        }
    }

    private static double loss(FlowTrainer trainer, ParameterLayout layout, float[] values, float[] along, double h) {
        float[] moved = values.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += (float) (h * along[i]);
        }
        try (NDManager manager = Torch.manager();
                NDScope scope = new NDScope();
                Parameters p = new Parameters(manager, layout, moved, false)) {
            scope.suppressNotUsedWarning();
            return trainer.loss(p, trainer.draw(new Seed(4)), Dropout.NONE).getFloat();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"pna", "neuron-transformer", "flat"})
    void trainingDependsOnTheSeedAndOnNothingElse(String kind) {
        float[] once = trained(kind, 1).parameters();
        assertThat(trained(kind, 1).parameters())
                .usingComparatorWithPrecision(1e-4f)
                .containsExactly(once);
        assertThat(trained(kind, 2).parameters()).isNotEqualTo(once);
    }

    private static WeightFlow trained(String kind, long seed) {
        try (FlowTrainer trainer =
                new FlowTrainer(flow(kind, "euclidean", "x1"), 0.1, twoCentres(SMALL, 40), new Seed(seed))) {
            for (int k = 0; k < 10; k++) {
                trainer.step(0);
            }
            return trainer.snapshot();
        }
    }

    private static FlowSpec flow(String kind, String geometry, String prediction) {
        String backbone = kind.equals("flat")
                ? "kind = flat, width = 64, layers = 3, dropout = 0.1"
                : "kind = %s, width = 16, layers = 2".formatted(kind);
        return ExperimentFile.parse("""
                        flows = [{ name = f, geometry = %s, prediction = %s, backbone { %s }
                          training { batch-size = 16, warm-up = 5, learning-rate = 5e-3 } }]
                        """.formatted(geometry, prediction, backbone))
                .flows()
                .get(0);
    }
}
