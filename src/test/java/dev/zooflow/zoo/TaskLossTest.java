package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TaskLossTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(2, 5, 2));
    private static final Dataset MOONS = Datasets.load(
            ExperimentFile.parse("task { kind = two-moons, examples = 400 }").task(), 1, Path.of("."));

    // Networks of zeros find both classes equally likely: ln 2.
    @Test
    void ignoranceCostsTheLogarithmOfTheClasses() {
        try (NDManager manager = Torch.manager();
                TaskLoss loss = new TaskLoss(LAYOUT, MOONS, 64)) {
            NDArray zeros = manager.zeros(new Shape(3, LAYOUT.size()));
            assertThat(loss.of(zeros, new Seed(1)).toFloatArray())
                    .containsExactly(new float[] {0.693147f, 0.693147f, 0.693147f}, within(1e-5f));
        }
    }

    @Test
    void theSeedChoosesTheMiniBatchAndNothingElse() {
        try (NDManager manager = Torch.manager();
                TaskLoss loss = new TaskLoss(LAYOUT, MOONS, 16)) {
            NDArray theta = manager.create(new Seed(2).gaussian(LAYOUT.size()), new Shape(1, LAYOUT.size()));
            float first = loss.of(theta, new Seed(1)).getFloat(0);
            assertThat(loss.of(theta, new Seed(1)).getFloat(0)).isEqualTo(first);
            assertThat(loss.of(theta, new Seed(3)).getFloat(0)).isNotEqualTo(first);
        }
    }
}
