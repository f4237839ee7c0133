package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OneChangeTest {

    private static List<OneChange> changes(String experiment) {
        return OneChange.of(ExperimentFile.parse(experiment));
    }

    @Test
    void variantsThatDifferInOneNumberAreACurveOfEachFlow() {
        List<OneChange> changes = changes("""
                flows = [{ name = a }, { name = b, geometry = euclidean }]
                sampling.steps = 64
                samplings = [{ name = s16, steps = 16, networks = 5 }, { name = loud, noise = 0.1 }, { name = both, noise = 0.2, steps = 8 }]
                """);

        assertThat(changes)
                .containsExactly(
                        new OneChange(
                                "sampling.noise",
                                Map.of(
                                        "a", Map.of(0.0, "generated/a", 0.1, "generated/a/loud"),
                                        "b", Map.of(0.0, "generated/b", 0.1, "generated/b/loud"))),
                        new OneChange(
                                "sampling.steps",
                                Map.of(
                                        "a", Map.of(16.0, "generated/a/s16", 64.0, "generated/a"),
                                        "b", Map.of(16.0, "generated/b/s16", 64.0, "generated/b"))));
    }

    @Test
    void flowsThatDifferInOneNumberAreACurve() {
        assertThat(changes("flows = [{ name = d8, backbone.width = 8 }, { name = d16, backbone.width = 16 }]"))
                .containsExactly(new OneChange(
                        "flow.backbone.width", Map.of("d8", Map.of(8.0, "generated/d8", 16.0, "generated/d16"))));
    }

    @Test
    void allTrajectoriesAreAsManyAsThereAre() {
        assertThat(
                        changes(
                                "zoo.training-trajectories = 60, flows = [{ name = ten, zoo-trajectories = 10 }, { name = all }]"))
                .containsExactly(new OneChange(
                        "flow.zoo-trajectories", Map.of("ten", Map.of(10.0, "generated/ten", 60.0, "generated/all"))));
    }

    @Test
    void whatDiffersInMoreOrInNoNumberIsNoCurve() {
        assertThat(changes("flows = [{ name = a, sigma = 0.1, backbone.width = 8 }, { name = b }]"))
                .isEmpty();
        assertThat(changes("flows = [{ name = a }, { name = b, geometry = euclidean }]"))
                .isEmpty();
        assertThat(changes("flows = [{ name = a }, { name = b }]")).isEmpty();
    }
}
