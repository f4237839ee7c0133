package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.experiment.UserError;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path dir;

    @BeforeAll
    static void write() {
        ReportWriter.write(SampleRun.record(SampleRun.completed()), dir.resolve("ok"));
        ReportWriter.write(SampleRun.record(SampleRun.failed()), dir.resolve("failed"));
    }

    @Test
    void writesFourFilesAndNothingElse() throws Exception {
        try (var files = Files.list(dir.resolve("ok"))) {
            assertThat(files.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("scores.json", "metrics.csv", "run.json", "report.html");
        }
    }

    @Test
    void scoresHoldEveryKeyOfEveryGroup() throws Exception {
        JsonNode scores = JSON.readTree(dir.resolve("ok/scores.json").toFile());

        assertThat(scores.get("run").textValue()).isEqualTo(SampleRun.RUN.value());
        assertThat(scores.get("status").textValue()).isEqualTo("completed");
        assertThat(scores.get("rows")).hasSize(17).allSatisfy(row -> {
            List<String> keys = new ArrayList<>();
            row.fieldNames().forEachRemaining(keys::add);
            assertThat(keys).startsWith("group", "n").containsAll(ScoresJson.KEYS);
            assertThat(keys).allMatch(key -> key.matches("[a-z0-9_]+"));
        });
        JsonNode geometric = scores.get("rows").get(8);
        assertThat(geometric.get("group").textValue()).isEqualTo("generated/geometric");
        assertThat(geometric.get("n").intValue()).isEqualTo(128);
        assertThat(geometric.get("bma_accuracy_32").doubleValue()).isPositive();
        assertThat(geometric.get("accuracy_std").doubleValue()).isEqualTo(0.012);
    }

    @Test
    void whatIsNotANumberIsNull() throws Exception {
        JsonNode rows = JSON.readTree(dir.resolve("ok/scores.json").toFile()).get("rows");

        assertThat(rows.get(7).get("group").textValue()).isEqualTo("retrieval");
        assertThat(rows.get(7).get("diversity").isNull()).isTrue();
    }

    @Test
    void curvesAreLongFormCsv() throws Exception {
        List<String> lines = Files.readAllLines(dir.resolve("ok/metrics.csv"));

        assertThat(lines.get(0)).isEqualTo("stage,step,seconds,metric,value");
        assertThat(lines).allMatch(line -> line.split(",").length == 5);
        assertThat(lines).anyMatch(line -> line.startsWith("flow/geometric,1200,40.0,learning_rate,"));
        assertThat(lines).anyMatch(line -> line.startsWith("score/generated/euclidean,240,8.0,accuracy_mean,0."));
    }

    @Test
    void theRunFileHoldsProvenanceExperimentAndTasks() throws Exception {
        JsonNode run = JSON.readTree(dir.resolve("ok/run.json").toFile());

        assertThat(run.get("status").textValue()).isEqualTo("completed");
        assertThat(run.get("seconds").doubleValue()).isEqualTo(203.4);
        assertThat(run.at("/provenance/library.libtorch").textValue()).isEqualTo("2.7.1");
        assertThat(run.at("/experiment/flows/1/geometry").textValue()).isEqualTo("euclidean");
        assertThat(run.at("/experiment/zoo/training-trajectories").intValue()).isEqualTo(60);
        assertThat(run.get("tasks"))
                .hasSize(21)
                .allMatch(t -> t.get("status").textValue().equals("completed"));
    }

    @Test
    void aFailedRunSaysSoInEveryFile() throws Exception {
        JsonNode run = JSON.readTree(dir.resolve("failed/run.json").toFile());

        assertThat(run.get("status").textValue()).isEqualTo("failed");
        assertThat(run.get("failed").get(0).textValue()).isEqualTo("train/euclidean");
        assertThat(run.get("tasks").findValuesAsText("reason")).containsExactly("loss is NaN at step <312>");
        assertThat(JSON.readTree(dir.resolve("failed/scores.json").toFile())
                        .get("status")
                        .textValue())
                .isEqualTo("failed");
        assertThat(Files.readString(dir.resolve("failed/report.html")))
                .contains("This run failed: 1 of 16 tasks were given up.");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsAnInfrastructureError() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "x");

        assertThatThrownBy(() -> ReportWriter.write(SampleRun.record(List.of()), file.resolve("run")))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(3))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("Maybe");
    }
}
