package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SweepTest {

    private static List<Sweep> sweeps(String experiment) {
        return Sweep.of(ExperimentFile.parse(experiment));
    }

    @Test
    void variantsThatDifferInOneNumberAreACurveOfEachFlow() {
        List<Sweep> sweeps = sweeps("""
                flows = [{ name = a }, { name = b, geometry = euclidean }]
                sampling.steps = 64
                samplings = [{ name = s16, steps = 16, networks = 5 }, { name = loud, noise = 0.1 }, { name = both, noise = 0.2, steps = 8 }]
                """);

        assertThat(sweeps)
                .containsExactly(
                        new Sweep(
                                "sampling.noise",
                                Map.of(
                                        "a", Map.of(0.0, "generated/a", 0.1, "generated/a/loud"),
                                        "b", Map.of(0.0, "generated/b", 0.1, "generated/b/loud"))),
                        new Sweep(
                                "sampling.steps",
                                Map.of(
                                        "a", Map.of(16.0, "generated/a/s16", 64.0, "generated/a"),
                                        "b", Map.of(16.0, "generated/b/s16", 64.0, "generated/b"))));
    }

    @Test
    void flowsThatDifferInOneNumberAreACurve() {
        assertThat(sweeps("flows = [{ name = d8, backbone.width = 8 }, { name = d16, backbone.width = 16 }]"))
                .containsExactly(new Sweep(
                        "flow.backbone.width", Map.of("d8", Map.of(8.0, "generated/d8", 16.0, "generated/d16"))));
    }

    @Test
    void allTrajectoriesAreAsManyAsThereAre() {
        assertThat(
                        sweeps(
                                "zoo.training-trajectories = 60, flows = [{ name = ten, zoo-trajectories = 10 }, { name = all }]"))
                .containsExactly(new Sweep(
                        "flow.zoo-trajectories", Map.of("ten", Map.of(10.0, "generated/ten", 60.0, "generated/all"))));
    }

    @Test
    void whatDiffersInMoreOrInNoNumberIsNoCurve() {
        assertThat(sweeps("flows = [{ name = a, sigma = 0.1, backbone.width = 8 }, { name = b }]"))
                .isEmpty();
        assertThat(sweeps("flows = [{ name = a }, { name = b, geometry = euclidean }]"))
                .isEmpty();
        assertThat(sweeps("flows = [{ name = a }, { name = b }]")).isEmpty();
    }
}
