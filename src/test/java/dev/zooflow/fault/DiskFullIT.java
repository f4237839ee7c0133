package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full disk under a run and under a broker. One under the blob directory of a worker is with the deaths of trainers. */
@Tag("faults")
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD, unit = java.util.concurrent.TimeUnit.MINUTES)
class DiskFullIT {

    private static final int INFRASTRUCTURE = 3;
    private static final int MEGABYTES = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path dir;

    @Test
    void aRunWhoseDirectoryIsFullSaysSoAndIsResumed() throws Exception {
        Path experiment = Files.writeString(dir.resolve("e.conf"), Experiments.of(2, 1500));
        try (SmallDisk disk = SmallDisk.mount(dir.resolve("small"), MEGABYTES);
                Fleet fleet = Fleet.start(dir, "zooflow { worker.threads = 1 }")) {
            Path runs = disk.directory();
            Member first = fleet.process("run", experiment.toString(), "--name", "full", "--runs-dir", runs.toString());
            Fleet.await("a state of the training", () -> state(runs.resolve("full")));
            disk.fill();
            assertThat(first.awaitEnd(PATIENCE)).isEqualTo(INFRASTRUCTURE);
            assertThat(first.output()).containsPattern("error: .*" + runs);
            disk.empty();
            Member second = fleet.process("resume", runs.resolve("full").toString());
            assertThat(second.awaitEnd(PATIENCE)).as(second.output()).isZero();
            assertThat(runs.resolve("full/report.html")).isRegularFile();
            assertThat(second.output()).contains("generated/f1");
        }
    }

    private static boolean state(Path run) {
        try (var files = Files.walk(run)) {
            return files.anyMatch(f -> f.endsWith("train/f0"));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }

    @Test
    void aBrokerWhoseDirectoryIsFullSaysSoAndKeepsWhatItHad() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(dir.resolve("small"), MEGABYTES);
                Fleet fleet =
                        Fleet.start(dir, "zooflow { worker { threads = 1, heartbeat = 200 ms } }", disk.directory())) {
            fleet.submit("calm", Experiments.of(1, 100));
            Member coordinator = fleet.keepWorker("coordinator");
            Member worker = fleet.keepWorker(Fleet.WORK);
            try (Progress progress = fleet.progress("calm")) {
                progress.await("a task", () -> progress.completed() > 1);
            }
            disk.fill();
            assertThat(fleet.broker().awaitEnd(PATIENCE)).isEqualTo(INFRASTRUCTURE);
            assertThat(fleet.broker().output()).containsPattern("error: .*" + disk.directory());
            disk.empty();
            fleet.restartBroker();
            try (Progress progress = fleet.progress("calm")) {
                progress.awaitEnd(PATIENCE);
            }
            Account.of(fleet.evidence("calm")).assertExactlyOnce();
            assertThat(coordinator.restarts() + worker.restarts())
                    .as(fleet.output())
                    .isZero();
        }
    }
}
