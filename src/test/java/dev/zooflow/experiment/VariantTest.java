package dev.zooflow.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VariantTest {

    @TempDir
    private Path dir;

    @Test
    void aLabelIsReadAsTheSettingsThatMadeIt() throws IOException {
        Path file = Files.writeString(
                dir.resolve("x.conf"),
                "sweep.parameters.zoo.values = [{ epochs = 30, burn-in-epochs = 3 }], flows = [{ name = a }]");
        List<String> each = List.of(
                "network.hidden=[[8, 4]]", "flows.a.geometry=[euclidean]", "zoo.weight-decay=[1e-5]", "seed=[7]");
        assertThat(ExperimentFile.loadAll(file, List.of(), each))
                .singleElement()
                .satisfies(variant -> assertThat(Variant.settings(variant.label()))
                        .containsOnly(
                                Map.entry("network.hidden", List.of(8, 4)),
                                Map.entry("flows.a.geometry", "euclidean"),
                                Map.entry("zoo.weight-decay", 1e-5),
                                Map.entry("seed", 7),
                                Map.entry("zoo.epochs", 30),
                                Map.entry("zoo.burn-in-epochs", 3)));
    }

    @Test
    void spacesBetweenQuotesAreNoEndOfAValue() {
        assertThat(Variant.settings("task.file=\"my table=1.csv\" task.label=\"a \\\" b\""))
                .containsOnly(Map.entry("task.file", "my table=1.csv"), Map.entry("task.label", "a \" b"));
        assertThat(Variant.settings("")).isEmpty();
    }

    @Test
    void whatIsNoLabelIsRefused() {
        assertThatThrownBy(() -> Variant.settings("={"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Maybe");
    }
}
