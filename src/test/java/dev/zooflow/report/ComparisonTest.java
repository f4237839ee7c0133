package dev.zooflow.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event.Score;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComparisonTest {

    private static StoredRun run(String name, String metric) {
        RunId run = new RunId(name);
        Map<String, Double> values =
                Map.of("accuracy_mean", 0.5, "loss_mean", 0.25, "novel_performant_075", 0.75, "nn_ratio_mean", 1.0);
        return new StoredRun(
                Path.of(name),
                run,
                "completed",
                "2026-11-01T10:20:00Z",
                1,
                Map.of(),
                metric.isEmpty() ? Map.of() : Map.of("sweep.metric.name", metric),
                List.of(new Score(run, "generated/a", 1, 1, 1, true, 4, values, Map.of())));
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', novel_performant_075",
        "loss_mean, loss_mean, loss_mean",
        "accuracy_mean, accuracy_mean, accuracy_mean",
        "loss_mean, accuracy_mean, novel_performant_075",
        "loss_mean, '', novel_performant_075",
    })
    void drawsWhatRanksTheFlowsOfAllRuns(String first, String second, String drawn) {
        String page =
                new String(new Comparison(List.of(run("a", first), run("b", second))).page(), StandardCharsets.UTF_8);

        assertThat(page).contains("\"metric\":\"" + drawn + "\"").containsPattern("\"" + drawn + "\":0\\.\\d+");
    }
}
