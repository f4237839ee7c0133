package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.mlflow.FakeTrackingServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole run, told to a tracking server. */
@Tag("beside")
class MlflowIT {

    private static final String EXPERIMENT = """
            name = told
            task { kind = two-moons, examples = 200 }, network.hidden = [4]
            zoo { training-trajectories = 6, held-out-trajectories = 3, epochs = 5, burn-in-epochs = 2, snapshots = 2 }
            flow { backbone { width = 8, layers = 1 }, training { steps = 20, time = 0, batch-size = 4 } }
            flows = [{ name = geometric }, { name = euclidean, geometry = euclidean }]
            sampling { networks = 4, checkpoint-networks = 4, steps = 2 }
            evaluation { networks = 4, barrier-networks = 2, export = 0 }
            """;

    @Test
    void aRunItsFlowsAndItsReportAreThereWhenTheCommandEnds(@TempDir Path dir) throws IOException {
        try (FakeTrackingServer server = new FakeTrackingServer()) {
            Path file = Files.writeString(dir.resolve("told.conf"), EXPERIMENT);
            Path settings = Files.writeString(
                    dir.resolve("settings.conf"), "zooflow.mlflow.tracking-uri = \"%s\"".formatted(server.uri()));
            CommandResult result = CommandResult.of(
                    "run",
                    file.toString(),
                    "--name",
                    "told-1",
                    "--runs-dir",
                    dir.toString(),
                    "--config",
                    settings.toString());
            assertThat(result.code()).as(result.err() + result.out()).isZero();
            assertThat(server.runs())
                    .hasSize(3)
                    .allSatisfy(run -> assertThat(run.status).as(run.name).isEqualTo("FINISHED"));
            assertThat(server.runs())
                    .filteredOn(run -> run.tags.containsKey("mlflow.parentRunId"))
                    .hasSize(2)
                    .allSatisfy(run -> assertThat(run.keys()).contains("loss", "accuracy_mean"));
            assertThat(server.artifacts().keySet())
                    .anyMatch(path -> path.endsWith("report.html"))
                    .anyMatch(path -> path.endsWith("scores.json"));
        }
    }
}
