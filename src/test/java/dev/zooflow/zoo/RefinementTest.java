package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RefineSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.ZooSpec.Optimizer;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RefinementTest {

    private static final String MOONS = """
            task { kind = two-moons, examples = 200 }
            network.hidden = [6]
            zoo { training-trajectories = 3, held-out-trajectories = 2, epochs = 4, burn-in-epochs = 3, batch-size = 32
                  learning-rate = 0.02, snapshots = 1, weight-decay = 0.01 }
            """;

    @ParameterizedTest
    @EnumSource(Optimizer.class)
    void takesTheStepsOfTheZooTrainerOnTheSameBatches(Optimizer optimizer) {
        ExperimentSpec spec = ExperimentFile.parse(
                MOONS + "zoo.optimizer = " + optimizer.name().toLowerCase(Locale.ROOT));
        Dataset data = Datasets.load(spec.task(), spec.seed(), Path.of("."));
        Architecture architecture = spec.network().architecture(2, 2);
        List<Trajectory> zoo = new ZooTrainer(spec.zoo(), architecture, data, new Seed(7))
                .train(0, 5, (step, fraction, values) -> {}, () -> false);
        WeightBatch trained =
                WeightBatch.concat(zoo.stream().map(Trajectory::last).toList());

        WeightBatch start = InitialWeights.draw(architecture, spec.zoo().initialStd(), new Seed(7), 0, 5);
        try (Refinement refinement = new Refinement(start, Descent.of(spec.zoo()), data.train(), new Seed(7))) {
            int steps = 4 * refinement.stepsPerEpoch();
            assertThat(refinement.step(steps - 3).networks().theta()).isNotEqualTo(trained.theta());
            assertThat(refinement.step(3).networks().theta()).isEqualTo(trained.theta());
        }
    }

    @Test
    void noStepChangesNothing() {
        ExperimentSpec spec = ExperimentFile.parse(MOONS);
        Dataset data = Datasets.load(spec.task(), spec.seed(), Path.of("."));
        WeightBatch start = InitialWeights.draw(spec.network().architecture(2, 2), 0.5, new Seed(1), 0, 3);
        try (Refinement refinement = new Refinement(start, Descent.of(spec.zoo()), data.train(), new Seed(1))) {
            assertThat(refinement.step(0).networks().theta()).isEqualTo(start.theta());
        }
    }

    @Test
    void divergenceIsSaidWithItsCause() {
        ExperimentSpec spec = ExperimentFile.parse(MOONS);
        Dataset data = Datasets.load(spec.task(), spec.seed(), Path.of("."));
        WeightBatch start = InitialWeights.draw(spec.network().architecture(2, 2), 1e15, new Seed(1), 0, 3);
        Descent wild = Descent.of(new RefineSpec(5, Optimizer.SGD, 100, 0.9, 32));
        try (Refinement refinement = new Refinement(start, wild, data.train(), new Seed(1))) {
            assertThatThrownBy(() -> refinement.step(10).networks())
                    .isInstanceOf(UserError.class)
                    .hasMessage("networks (3) diverged within 10 steps of learning rate 100.0. Maybe a lower one?");
        }
    }
}
