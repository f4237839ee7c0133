package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRunsTest {

    @TempDir
    private Path runs;

    private static final String RUN = """
            {"run": "%1$s", "status": "completed", "seconds": 61.4,
             "provenance": {"started": "2026-11-0%2$dT10:20:30Z"},
             "experiment": {"seed": 1, "flows": [{"name": "a", "training": {"steps": %3$d}}%4$s], "published": [{"label": "x"}]}}
            """;

    private static final String SCORES = """
            {"rows": [
              {"group": "held-out", "n": 20, "accuracy_mean": 0.95, "nn_ratio_mean": 1.0, "dispersion": 1.0},
              {"group": "generated/a", "n": 16, "accuracy_mean": %s, "nn_ratio_mean": 0.8, "novel_performant_075": %s,
               "dispersion": 0.9, "loss_mean": null, "bma_nll_16": %1$s}]}
            """;

    @BeforeEach
    void twoRunsAndOneThatWasCutShort() throws IOException {
        run("first", "completed", RUN.formatted("first", 1, 100, ""), SCORES.formatted("0.90", "0.25"));
        run(
                "second",
                "completed",
                RUN.formatted("second", 2, 200, ", {\"name\": \"b\", \"training\": {\"steps\": 7}}"),
                SCORES.formatted("0.92", "0.5"));
        Files.writeString(Files.createDirectories(runs.resolve("third")).resolve("status"), "interrupted\n");
    }

    private void run(String name, String status, String run, String scores) throws IOException {
        Path directory = Files.createDirectories(runs.resolve(name));
        Files.writeString(directory.resolve("status"), status + "\n");
        Files.writeString(directory.resolve("run.json"), run);
        Files.writeString(directory.resolve("scores.json"), scores);
    }

    private CommandResult zooflow(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--runs-dir";
        all[arguments.length + 1] = runs.toString();
        return CommandResult.of(all);
    }

    @Test
    void lsNamesTheLatestFirst() {
        CommandResult result = zooflow("ls");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("run", "second", "first", "third");
        assertThat(result.out()).contains("generated/a", "0.920", "2026-11-02 10:20", "61 s", "interrupted");
        assertThat(zooflow("ls", "--json").out().lines().findFirst())
                .hasValueSatisfying(
                        line -> assertThat(line).contains("\"run\":\"second\"", "\"novel_performant_075\":0.5"));
    }

    @Test
    void showPrintsTheTableAndTheSettings() {
        CommandResult result = zooflow("show", "first", "--settings");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("first: completed", "flows.a.training.steps = 100", "generated/a", "0.900");
        assertThat(result.out()).doesNotContain("published");
    }

    @Test
    void showPrintsAllOfARunAsJson() throws IOException {
        CommandResult result = zooflow("show", "first", "--json");
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        JsonNode run = new ObjectMapper().readTree(result.out());
        assertThat(run.get("status").asText()).isEqualTo("completed");
        assertThat(run.at("/provenance/started").asText()).startsWith("2026-11-01");
        assertThat(run.get("settings").get("flows.a.training.steps").asText()).isEqualTo("100");
        assertThat(run.at("/scores/1/group").asText()).isEqualTo("generated/a");
        assertThat(run.at("/scores/1/accuracy_mean").asDouble()).isEqualTo(0.9);
    }

    @Test
    void bestRanksByTheMetric() {
        assertThat(zooflow("best").out().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("run", "second", "first");
        assertThat(zooflow("best", "--metric", "accuracy_mean", "--goal", "minimize", "--count", "1")
                        .out()
                        .lines()
                        .map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("run", "first");
        assertThat(zooflow("best", "--metric", "bma_nll_16").out().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("run", "first", "second");
        assertThat(zooflow("best", "--metric", "bma_nll_16", "--goal", "maximize")
                        .out()
                        .lines()
                        .map(line -> line.replaceFirst(" .*", "")))
                .containsExactly("run", "second", "first");
        CommandResult unknown = zooflow("best", "--metric", "charm");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("metric (charm)", "accuracy_mean");
    }

    @Test
    void bestSaysWhichValuesARunOfASeriesHas() throws IOException {
        run(
                "third",
                "completed",
                RUN.formatted("third", 3, 100, "")
                        .replace("\"started\"", "\"each\": \"zoo.epochs=5 seed=2\", \"started\""),
                SCORES.formatted("0.91", "0.3"));
        assertThat(zooflow("best").out().lines())
                .satisfiesExactly(
                        head -> assertThat(head).matches("values +run +group .*"),
                        second -> assertThat(second).matches("– +second .*"),
                        third -> assertThat(third).matches("zoo\\.epochs=5 seed=2 +third .*"),
                        first -> assertThat(first).matches("– +first .*"));
        assertThat(zooflow("best", "third", "--json").out())
                .contains("\"run\":\"third\",\"each\":\"zoo.epochs=5 seed=2\"");
    }

    @Test
    void compareNamesWhatDiffersOnly() throws IOException {
        Path page = runs.resolve("compare.html");
        CommandResult result = zooflow("compare", "first", "second", "--html", page.toString());
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        assertThat(result.out())
                .containsPattern("flows.a.training.steps +100 +200")
                .containsPattern("generated/a +0.900, 0.80 +0.920, 0.80")
                .containsPattern("flows.b +– +yes")
                .doesNotContain("seed", "flows.b.training");
        assertThat(Files.readString(page))
                .contains("<td>100</td><td>200</td>", "<strong>92.0</strong>", "<td>90.0</td>")
                .doesNotContain("{{");
    }

    @Test
    void whatIsNoRunIsNamed() throws IOException {
        CommandResult nothing = zooflow("show", "nothing");
        assertThat(nothing.code()).isEqualTo(ExitCode.USAGE);
        assertThat(nothing.err()).contains("run directory (nothing) holds no run", "Maybe");
        Files.writeString(runs.resolve("first/scores.json"), "{\"rows\": [");
        CommandResult damaged = zooflow("show", "first");
        assertThat(damaged.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(damaged.err()).contains("can't be read");
        Files.writeString(Files.createDirectories(runs.resolve("No Run")).resolve("status"), "completed");
        CommandResult all = zooflow("ls");
        assertThat(all.code()).isEqualTo(ExitCode.OK);
        assertThat(all.out())
                .containsPattern("first +unreadable")
                .contains("second")
                .doesNotContain("No Run");
        assertThat(zooflow("compare", "second").code()).isEqualTo(ExitCode.USAGE);
    }
}
