package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.report.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RerunCommandTest {

    @TempDir
    private Path dir;

    private StoredRun run(String provenance) throws IOException {
        Path path = Files.createDirectories(dir.resolve("r"));
        Files.writeString(path.resolve("status"), "completed\n");
        Files.writeString(path.resolve("run.json"), "{\"provenance\": {%s}}".formatted(provenance));
        return StoredRun.read(path);
    }

    @Test
    void budgetsInTimeAreSaid() throws IOException {
        String flows = "flows = [{ name = a, training { steps = 9, time = 0 } }, { name = b, training.time = 5 s }]";
        assertThat(RerunCommand.caveats(run(""), ExperimentFile.parse(flows), Map.of()))
                .containsExactly(
                        "flows b are trained for a time and may end at another step: their scores need not be equal");
        assertThat(RerunCommand.caveats(
                        run(""), ExperimentFile.parse("flow.training { steps = 9, time = 0 }"), Map.of()))
                .isEmpty();
    }

    @Test
    void whatIsNotAsItWasIsSaid() throws IOException {
        StoredRun run = run("""
                "started": "2026-01-01T00:00:00Z", "java": "17", "host": "one", "extends": "older", "gone": "x"
                """);
        Map<String, String> origin = Map.of("started", "2026-01-02T00:00:00Z", "java", "21", "host", "one");
        assertThat(RerunCommand.caveats(run, ExperimentFile.parse("flow.training { steps = 9, time = 0 }"), origin))
                .containsExactly(
                        "r extends older; here every flow is trained from its beginning", "java was 17, is 21");
    }

    @Test
    void aRunWithoutResultsIsRefused() throws IOException {
        Files.writeString(Files.createDirectories(dir.resolve("cut")).resolve("status"), "interrupted\n");
        CommandResult cut = CommandResult.of("rerun", "cut", "--runs-dir", dir.toString());
        assertThat(cut.code()).isEqualTo(ExitCode.USAGE);
        assertThat(cut.err()).contains("run (cut) is interrupted and has no results", "Maybe `zooflow resume");
    }
}
