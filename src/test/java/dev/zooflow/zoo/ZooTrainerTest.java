package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ZooTrainerTest {

    private static final String MOONS = """
            task { kind = two-moons, examples = 500, noise = 0.1 }
            network.hidden = [12, 8]
            zoo {
              training-trajectories = 5, held-out-trajectories = 2, epochs = 30, burn-in-epochs = 10, snapshots = 4
              batch-size = 32, learning-rate = 0.02, initial-std = 0.5
            }
            """;

    private static final Progress SILENT = (step, fraction, values) -> {};

    @Test
    void everyNetworkLearnsTheTask() {
        List<Trajectory> zoo = train(MOONS, 0, 7);
        assertThat(zoo).extracting(Trajectory::index).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(zoo).extracting(Trajectory::heldOut).containsExactly(false, false, false, false, false, true, true);
        for (Trajectory t : zoo) {
            // 400 training examples are 13 steps an epoch: 390 steps, 130 of them burn-in.
            assertThat(t.steps()).containsExactly(195, 260, 325, 390);
            assertThat(t.validationAccuracy()[3]).isGreaterThan(0.95f);
        }
    }

    @Test
    void stochasticGradientDescentLearnsTheTaskToo() {
        String sgd = MOONS + "zoo { optimizer = sgd, learning-rate = 0.1, momentum = 0.9, weight-decay = 1e-5 }";
        assertThat(train(sgd, 0, 2))
                .allSatisfy(t -> assertThat(t.validationAccuracy()[3]).isGreaterThan(0.95f));
    }

    @Test
    void aTrajectoryIsTheSameWhateverItIsTrainedWith() {
        List<Trajectory> together = train(MOONS, 0, 7);
        Trajectory alone = train(MOONS, 3, 4).get(0);
        assertThat(alone.snapshots().theta())
                .containsExactly(together.get(3).snapshots().theta(), within(1e-3f));
        assertThat(together.get(4).snapshots().theta()[0])
                .isNotEqualTo(together.get(3).snapshots().theta()[0]);
    }

    @Test
    void initialWeightsHaveTheStandardDeviationAskedFor() {
        ExperimentSpec spec = ExperimentFile.parse(MOONS);
        LayerLayout layout = LayerLayout.of(Architecture.relu(2, 400, 2));
        Dataset data = data(spec);
        try (NDManager manager = Torch.manager()) {
            Examples examples = Examples.of(manager, data.train(), 2);
            NetworkBlock block = block(spec, layout, manager, examples, 4);
            assertThat(block.theta().square().mean().sqrt().getFloat()).isCloseTo(0.5f, within(0.02f));
            assertThat(block.theta().mean().getFloat()).isCloseTo(0, within(0.02f));
        }
    }

    @Test
    void reportsRiseToTheEndWithFiniteMetrics() {
        List<Double> fractions = new ArrayList<>();
        List<Map<String, Double>> metrics = new ArrayList<>();
        trainer(MOONS)
                .train(
                        0,
                        2,
                        (step, fraction, values) -> {
                            fractions.add(fraction);
                            metrics.add(values);
                        },
                        () -> false);
        assertThat(fractions).isSorted().endsWith(1.0);
        assertThat(metrics).allSatisfy(m -> {
            assertThat(m).containsOnlyKeys("loss", "validation_accuracy");
            assertThat(m.values()).allMatch(Double::isFinite);
        });
        assertThat(metrics.get(metrics.size() - 1).get("loss")).isLessThan(0.3);
    }

    @Test
    void aDivergedNetworkIsNamed() {
        String wild = MOONS + "zoo { optimizer = sgd, learning-rate = 100, weight-decay = 10 }";
        assertThatThrownBy(() -> train(wild, 2, 3))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("trajectory (2) diverged")
                .hasMessageContaining("zoo.learning-rate");
    }

    @Test
    void cancellationIsNoticedAtTheNextStep() {
        AtomicInteger asked = new AtomicInteger();
        assertThatThrownBy(() -> trainer(MOONS).train(0, 1, SILENT, () -> asked.incrementAndGet() > 5))
                .isInstanceOf(CancellationException.class);
        assertThat(asked).hasValue(6);
    }

    @Test
    void aTrajectoryOutsideTheZooIsRefused() {
        assertThatThrownBy(() -> train(MOONS, 5, 8)).hasMessageContaining("5 to 8 are not in a zoo of 7");
    }

    @Test
    void anArchitectureThatDoesNotFitTheTaskIsRefused() {
        ExperimentSpec spec = ExperimentFile.parse(MOONS);
        Dataset data = data(spec);
        assertThatThrownBy(() -> new ZooTrainer(spec.zoo(), Architecture.relu(3, 2), data, new Seed(1)))
                .hasMessageContaining("architecture (3-2) does not fit");
    }

    @Test
    void stepsLeaveNoArrayBehind() {
        ExperimentSpec spec = ExperimentFile.parse(MOONS);
        LayerLayout layout = LayerLayout.of(Architecture.relu(2, 8, 2));
        try (NDManager manager = Torch.manager()) {
            Dataset data = data(spec);
            Examples examples = Examples.of(manager, data.train(), 2);
            ValidationAccuracy accuracy = new ValidationAccuracy(manager, layout, data.validation());
            NetworkBlock block = block(spec, layout, manager, examples, 3);
            int before = manager.getManagedArrays().size();
            block.startEpoch(0);
            for (int step = 0; step < 100; step++) {
                block.step(step % 10);
                block.loss(step % 10);
                accuracy.of(block.theta());
            }
            assertThat(manager.getManagedArrays()).hasSize(before);
        }
    }

    @Test
    void validationAccuracyCountsWhatTheNetworkGetsRight() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(1, 2));
        try (NDManager manager = Torch.manager()) {
            // Logits (x, 0) and (-x, 0): class 0 where x > 0, and the reverse.
            NDArray theta = manager.create(new float[] {1, 0, 0, 0, -1, 0, 0, 0}, new Shape(2, 4));
            Split split = new Split(new float[] {1, 2, -1, -3}, new int[] {0, 0, 1, 0}, 1);
            assertThat(new ValidationAccuracy(manager, layout, split).of(theta)).containsExactly(0.75f, 0.25f);
        }
    }

    private static NetworkBlock block(
            ExperimentSpec spec, LayerLayout layout, NDManager manager, Examples examples, int n) {
        WeightBatch start =
                InitialWeights.draw(layout.architecture(), spec.zoo().initialStd(), new Seed(1), 0, n);
        return new NetworkBlock(Descent.of(spec.zoo()), layout, manager, examples, start, new Seed(1), 0);
    }

    private static List<Trajectory> train(String experiment, int from, int to) {
        return trainer(experiment).train(from, to, SILENT, () -> false);
    }

    private static ZooTrainer trainer(String experiment) {
        ExperimentSpec spec = ExperimentFile.parse(experiment);
        Dataset data = data(spec);
        return new ZooTrainer(spec.zoo(), spec.network().architecture(2, 2), data, new Seed(7));
    }

    private static Dataset data(ExperimentSpec spec) {
        return Datasets.load(spec.task(), spec.seed(), Path.of("."));
    }
}
