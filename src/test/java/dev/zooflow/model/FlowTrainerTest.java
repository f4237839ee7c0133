package dev.zooflow.model;

import static dev.zooflow.model.TrainingFixture.meanLoss;
import static dev.zooflow.model.TrainingFixture.train;
import static dev.zooflow.model.TrainingFixture.twoCentres;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.flow.path.PathSample;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.rebasin.CanonicalForm;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FlowTrainerTest {

    private static final Architecture SMALL = Architecture.relu(4, 6, 5, 3);
    private static final SamplingSpec SAMPLING = sampling("steps=16");

    @ParameterizedTest(name = "{0} {1} {2} {3}")
    @CsvSource({
        "euclidean,x1,independent,keep",
        "euclidean,velocity,optimal-transport,keep",
        "normalized,x1,optimal-transport,unit",
        "normalized,velocity,independent,keep",
        "geometric,x1,independent,keep",
        "geometric,x1,optimal-transport,unit",
        "geometric,velocity,optimal-transport,keep",
        "euclidean,x1,permutation-aware,keep",
        "geometric,x1,permutation-aware,keep",
        "geometric,x1,permutation-aware-transport,keep"
    })
    void everyKindOfFlowLearnsAndSamples(String geometry, String prediction, String coupling, String temperature) {
        FlowSpec spec = flow("geometry=%s, prediction=%s, coupling=%s, temperature=%s"
                .formatted(geometry, prediction, coupling, temperature));
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, twoCentres(SMALL, 60), new Seed(1))) {
            double before = meanLoss(trainer, 10);
            train(trainer, 120);
            assertThat(meanLoss(trainer, 20)).isLessThan(0.9 * before);
            WeightBatch sampled = trainer.snapshot().sample(8, SAMPLING, new Seed(2));
            assertThat(sampled.size()).isEqualTo(8);
            assertThat(sampled.nonFinite()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} to {1}")
    @CsvSource({
        "weight-matching,first",
        "sinkhorn-l2,mean",
        "sinkhorn-mid-point,mean",
        "sinkhorn-random-point,first",
        "none,mean"
    })
    void everyAlignmentOfTheZooServesAFlow(String alignment, String reference) {
        FlowSpec spec = flow("alignment=%s, alignment-reference=%s".formatted(alignment, reference));
        BatchLoss loss = (theta, seed) -> theta.square().sum(new int[] {1});
        try (FlowTrainer trainer = new FlowTrainer(
                spec, 0.1, TrainingNetworks.of(twoCentres(SMALL, 12)), Optional.of(loss), new Seed(1))) {
            assertThat(trainer.step(0).loss()).isPositive().isFinite();
        }
    }

    @Test
    void theTrajectoryCouplingStartsAtThePermutedInitialWeights() {
        int d = SMALL.parameters();
        float[] initial = new Seed(21).gaussian(40 * d);
        // Trained networks that kept their initial weights: a flow on such pairs has nothing to move.
        WeightBatch same = new WeightBatch(SMALL, initial);
        TrainingNetworks training = new TrainingNetworks(same, Optional.of(same));
        FlowSpec spec = flow("coupling=trajectory, geometry=euclidean");
        try (FlowTrainer trainer = new FlowTrainer(spec, 1, training, Optional.empty(), new Seed(1))) {
            PathSample sample = trainer.draw(new Seed(3));
            assertThat(sample.x0().toFloatArray()).isEqualTo(sample.x1().toFloatArray());
        }
        assertThatThrownBy(() -> new FlowTrainer(spec, 1, same, new Seed(1)))
                .hasMessageContaining("coupling (trajectory) needs the initial weights");
    }

    @Test
    void anAlignmentByTaskLossNeedsOne() {
        FlowSpec spec = flow("alignment=sinkhorn-mid-point");
        WeightBatch zoo = twoCentres(SMALL, 4);
        assertThatThrownBy(() -> new FlowTrainer(spec, 0.1, zoo, new Seed(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs the loss of a task");
    }

    @Test
    void aEuclideanFlowLearnsTheSpreadOfAGaussian() {
        Architecture tiny = Architecture.relu(2, 3, 2);
        int n = 4000;
        float[] theta = new Seed(3).gaussian(n * tiny.parameters());
        for (int i = 0; i < theta.length; i++) {
            theta[i] = 1 + 0.5f * theta[i];
        }
        FlowSpec spec = flow("geometry=euclidean, alignment=none, source-scale=1");
        try (FlowTrainer trainer = new FlowTrainer(spec, 1.0, new WeightBatch(tiny, theta), new Seed(1))) {
            train(trainer, 500);
            float[] sampled =
                    trainer.snapshot().sample(400, SAMPLING, new Seed(2)).theta();
            double mean = 0;
            double square = 0;
            for (float v : sampled) {
                mean += v / sampled.length;
                square += (v - 1.0) * (v - 1.0) / sampled.length;
            }
            assertThat(mean).isCloseTo(1.0, within(0.06));
            assertThat(Math.sqrt(square)).isCloseTo(0.5, within(0.1));
        }
    }

    @Test
    void samplingDependsOnTheSeedAndOnNothingElse() {
        WeightFlow flow = trained();
        float[] a = flow.sample(5, SAMPLING, new Seed(7)).theta();
        assertThat(flow.sample(5, SAMPLING, new Seed(7)).theta()).isEqualTo(a);
        assertThat(flow.sample(5, SAMPLING, new Seed(8)).theta()).isNotEqualTo(a);
    }

    @Test
    void truncationDrawsNetworksTogether() {
        WeightFlow flow = trained();
        SamplingSpec truncated = sampling("steps=16, truncation=0.5");
        assertThat(spread(flow.sample(20, truncated, new Seed(7))))
                .isLessThan(0.8 * spread(flow.sample(20, SAMPLING, new Seed(7))));
    }

    @ParameterizedTest
    @EnumSource(SamplingSpec.Solver.class)
    void everySolverFindsNearlyTheSameNetworks(SamplingSpec.Solver solver) {
        WeightFlow flow = trained();
        float[] exact =
                flow.sample(3, sampling("solver=rk4, steps=64"), new Seed(7)).theta();
        SamplingSpec with = sampling(
                "steps=64, rtol=1e-3, atol=1e-3, solver=" + solver.name().toLowerCase(Locale.ROOT));
        float[] found = flow.sample(3, with, new Seed(7)).theta();
        assertThat(meanDifference(found, exact)).isLessThan(0.03 * meanDifference(new float[exact.length], exact));
    }

    private static double meanDifference(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs(a[i] - b[i]) / a.length;
        }
        return sum;
    }

    private static double spread(WeightBatch networks) {
        int d = networks.architecture().parameters();
        double sum = 0;
        for (int i = 0; i + 1 < networks.size(); i++) {
            for (int k = 0; k < d; k++) {
                sum += Math.abs(networks.theta()[i * d + k] - networks.theta()[(i + 1) * d + k]);
            }
        }
        return sum;
    }

    @Test
    void trainingDependsOnTheSeedAndOnNothingElse() {
        assertThat(trained().parameters()).isEqualTo(trained().parameters());
    }

    @Test
    void aStoredFlowGeneratesTheSameNetworks() {
        WeightFlow flow = trained();
        WeightFlow restored = WeightFlow.restore(flow.spec(), flow.architecture(), flow.sourceStd(), flow.arrays());
        assertThat(restored.sample(3, SAMPLING, new Seed(7)).theta())
                .isEqualTo(flow.sample(3, SAMPLING, new Seed(7)).theta());
    }

    @Test
    void arraysOfAnotherFlowAreRefused() {
        WeightFlow flow = trained();
        Map<String, float[]> arrays = new HashMap<>(flow.arrays());
        arrays.put("reference", new float[3]);
        assertThatThrownBy(() -> WeightFlow.restore(flow.spec(), flow.architecture(), 0.1, arrays))
                .hasMessageContaining("reference");
    }

    @Test
    void canonicalWeightsLieOnTheProductOfSpheres() {
        LayerLayout layout = LayerLayout.of(SMALL);
        CanonicalForm form = new CanonicalForm(layout, true);
        try (NDManager manager = Torch.manager()) {
            NDArray x = form.encode(manager.create(twoCentres(SMALL, 5).theta(), new Shape(5, layout.size())));
            NDArray projected = WeightSpace.canonicalManifold(form).projx(x);
            assertThat(projected.sub(x).abs().max().getFloat()).isLessThan(1e-6f);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"euclidean", "normalized", "geometric"})
    void aStepLeavesNoArrayBehind(String geometry) {
        FlowSpec spec = flow("geometry=%s, coupling=optimal-transport".formatted(geometry));
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, twoCentres(SMALL, 40), new Seed(1))) {
            train(trainer, 2);
            int before = trainer.arraysHeld();
            train(trainer, 10);
            assertThat(trainer.arraysHeld()).isEqualTo(before);
        }
    }

    @Test
    void theLoopEndsWithItsBudgetAndPublishesCheckpoints() {
        FlowSpec spec = flow("training { steps = 25, time = 0 s, checkpoint-every = 0 s, checkpoint-steps = 10 }");
        List<Long> checkpoints = new ArrayList<>();
        List<Boolean> last = new ArrayList<>();
        List<Long> saved = new ArrayList<>();
        try (FlowTrainer trainer = new FlowTrainer(spec, 0.1, twoCentres(SMALL, 40), new Seed(1))) {
            boolean finished = FlowTraining.run(
                    trainer,
                    spec.training(),
                    new FlowTraining.Listener() {
                        @Override
                        public void progress(long step, double seconds, double share, Map<String, Double> values) {
                            assertThat(values).containsKeys("loss", "gradient_norm", "steps_per_second");
                        }

                        @Override
                        public void checkpoint(
                                WeightFlow flow, int index, long step, double seconds, boolean end, double loss) {
                            checkpoints.add(step);
                            last.add(end);
                        }

                        @Override
                        public void save(TrainingState state) {
                            saved.add(state.step());
                        }
                    },
                    () -> false);
            assertThat(finished).isTrue();
        }
        assertThat(checkpoints).containsExactly(10L, 20L, 25L);
        assertThat(last).containsExactly(false, false, true);
        assertThat(saved).as("at the end alone, which comes within a minute").containsExactly(25L);
    }

    private static WeightFlow trained() {
        try (FlowTrainer trainer =
                new FlowTrainer(flow("geometry=geometric"), 0.1, twoCentres(SMALL, 40), new Seed(1))) {
            train(trainer, 20);
            return trainer.snapshot();
        }
    }

    private static SamplingSpec sampling(String keys) {
        return ExperimentFile.parse("sampling { %s }".formatted(keys)).sampling();
    }

    private static FlowSpec flow(String keys) {
        String backbone =
                "backbone { width = 16, layers = 2 }, training { batch-size = 16, warm-up = 5, learning-rate = 5e-3 }";
        return ExperimentFile.parse("flows = [{ name = f, %s, %s }]".formatted(backbone, keys))
                .flows()
                .get(0);
    }
}
