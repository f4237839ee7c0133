package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportedZooTest {

    private static final Architecture MOONS = Architecture.relu(2, 4, 2);
    private static final int D = MOONS.parameters();

    @TempDir
    private Path dir;

    private static WeightBatch networks(int n) {
        return new WeightBatch(MOONS, new Seed(5).gaussian(n * D));
    }

    private ImportedZoo zoo(String keys) {
        ExperimentSpec spec = ExperimentFile.parse(
                "task { kind = two-moons, examples = 100 }, network.hidden = [4], zoo { kind = imported, path = zoo }, "
                        + keys);
        Dataset data = Datasets.load(spec.task(), spec.seed(), dir);
        return ImportedZoo.of(spec, data, dir);
    }

    private static List<Float> firstWeights(List<Trajectory> trajectories) {
        return trajectories.stream().map(t -> t.snapshots().theta()[0]).toList();
    }

    @Test
    void theSeedDrawsTheSidesOfAFile() {
        NetworkFiles.write(networks(12), Map.of(), dir.resolve("zoo/all.safetensors"));
        String sizes = "zoo { training-trajectories = 7, held-out-trajectories = 4 }, ";
        List<Trajectory> all = zoo(sizes).read(0, 11);

        assertThat(all)
                .extracting(Trajectory::index)
                .containsExactlyElementsOf(IntStream.range(0, 11).boxed().toList());
        assertThat(all)
                .extracting(Trajectory::heldOut)
                .containsExactly(false, false, false, false, false, false, false, true, true, true, true);
        assertThat(all).allSatisfy(t -> assertThat(t.snapshots().size()).isEqualTo(1));
        // No network twice, and each of them one of the file.
        assertThat(new TreeSet<>(firstWeights(all))).hasSize(11);
        assertThat(IntStream.range(0, 12)
                        .mapToObj(i -> networks(12).theta()[i * D])
                        .toList())
                .containsAll(firstWeights(all));
        // However the zoo is divided into tasks it is the same; another seed draws others.
        assertThat(firstWeights(zoo(sizes).read(3, 9)))
                .isEqualTo(firstWeights(all).subList(3, 9));
        assertThat(firstWeights(zoo(sizes + "seed = 2").read(0, 11))).isNotEqualTo(firstWeights(all));
    }

    @Test
    void filesAreTrajectoriesAndFoldersAreSides() {
        for (int i = 0; i < 5; i++) {
            WeightBatch snapshots = networks(15).slice(3 * i, 3 * i + 3);
            String side = i < 3 ? "training" : "held-out";
            NetworkFiles.write(snapshots, Map.of(), dir.resolve("zoo/%s/%d.safetensors".formatted(side, i)));
        }
        ImportedZoo zoo = zoo("zoo { training-trajectories = 2, held-out-trajectories = 2 }");
        List<Trajectory> all = zoo.read(0, 4);

        assertThat(all.get(0).snapshots().theta())
                .isEqualTo(networks(15).slice(0, 3).theta());
        assertThat(all.get(1).snapshots().theta())
                .isEqualTo(networks(15).slice(3, 6).theta());
        assertThat(all.get(2).snapshots().theta())
                .isEqualTo(networks(15).slice(9, 12).theta());
        assertThat(all.get(3).snapshots().theta())
                .isEqualTo(networks(15).slice(12, 15).theta());
        assertThat(all).extracting(Trajectory::heldOut).containsExactly(false, false, true, true);
        assertThat(all.get(0).steps()).containsExactly(1, 2, 3);
        assertThat(all.get(0).validationAccuracy()).hasSize(3);
        assertThat(zoo.hash()).isEqualTo(zoo.hash()).hasSize(64);
    }

    @Test
    void tooFewNetworksAreRefusedWithTheirNumber() {
        NetworkFiles.write(networks(12), Map.of(), dir.resolve("zoo/all.safetensors"));
        assertThatThrownBy(() -> zoo("zoo { training-trajectories = 9, held-out-trajectories = 4 }"))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "zoo.training-trajectories (9) is more than zoo.path (zoo) holds: 12 trajectories, 8 for this"
                                + " side. Maybe 8?");
        assertThatThrownBy(() -> zoo("zoo { training-trajectories = 2, held-out-trajectories = 20 }"))
                .hasMessageContaining("Maybe fewer zoo.held-out-trajectories?");
    }

    @Test
    void networksForAnotherTaskAreRefused() {
        NetworkFiles.write(networks(12), Map.of(), dir.resolve("zoo/all.safetensors"));
        assertThatThrownBy(
                        () -> zoo("task.kind = spirals, zoo { training-trajectories = 2, held-out-trajectories = 2 }"))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("all.safetensors", "tensor (2.weight) is [2, 4]", "2-4-3 has [3, 4]");
    }
}
