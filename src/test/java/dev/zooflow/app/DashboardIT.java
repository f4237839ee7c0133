package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.fault.Fleet;
import dev.zooflow.fault.Member;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard as a process of its own, beside brokers that die, beside a run that serves its own, and of a run that is over. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DashboardIT {

    private static final String EXPERIMENT = """
            task { kind = two-moons, examples = 200 }, network.hidden = [4]
            zoo { training-trajectories = 6, held-out-trajectories = 3, epochs = 5, burn-in-epochs = 2, snapshots = 2 }
            flow { backbone { width = 8, layers = 1 }, training { steps = 20, time = 0, batch-size = 4 } }
            flows = [{ name = geometric }]
            sampling { networks = 4, checkpoint-networks = 4, steps = 2 }
            evaluation { networks = 4, barrier-networks = 2, export = 2 }
            """;

    @TempDir
    private Path dir;

    @Test
    void survivesARestartOfTheBroker() throws IOException {
        try (Fleet fleet = Fleet.start(dir, "zooflow.kafka.lock-duration = 5 s")) {
            Member dashboard = fleet.process("dashboard", "--port", "0", "--bootstrap-servers", fleet.servers());
            String address = dashboard.dashboard();
            fleet.submit("before", EXPERIMENT);
            awaitRuns(address, "before");

            for (int restart = 0; restart < 2; restart++) {
                fleet.broker().kill();
                Fleet.await(
                        "word of what is wrong", () -> get(address, "api/state").contains("\"problem\":\""));
                fleet.restartBroker();
                fleet.submit("after-" + restart, EXPERIMENT);
                awaitRuns(address, "before", "after-" + restart);
            }
            Fleet.await("that all is well", () -> !get(address, "api/state").contains("\"problem\":\""));
            assertThat(dashboard.alive()).isTrue();
        }
    }

    @Test
    void aRunServesItsOwnAndOneThatIsOverIsShownFromItsDirectory() throws IOException {
        Path file = Files.writeString(dir.resolve("small.conf"), EXPERIMENT);
        try (Fleet fleet = Fleet.start(dir, "zooflow.worker.threads = 1")) {
            Member run = fleet.process(
                    "run",
                    file.toString(),
                    "--name",
                    "small",
                    "--runs-dir",
                    dir.toString(),
                    "--dashboard",
                    "--dashboard-port",
                    "0");
            awaitRuns(run.dashboard(), "small");
            assertThat(run.awaitEnd(Duration.ofMinutes(3))).isZero();

            Path small = dir.resolve("small");
            awaitRuns(
                    fleet.process("dashboard", small.toString(), "--port", "0").dashboard(), "small");
        }
    }

    private static void awaitRuns(String address, String... runs) {
        Fleet.await(List.of(runs) + " on the page", () -> {
            try {
                return new ObjectMapper()
                        .readTree(get(address, "api/runs"))
                        .findValuesAsText("run")
                        .containsAll(List.of(runs));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static String get(String address, String path) {
        try (InputStream in = URI.create(address + path).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
