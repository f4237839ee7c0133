package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commonest faults in one run of a fleet, beside the same run without any. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShortFaultsIT {

    private static final long SEED = 4;
    private static final int TRIALS = 6;
    private static final int STEPS = 400;
    private static final Duration LOCK = Duration.ofSeconds(3);
    private static final String SETTINGS =
            "zooflow { kafka.lock-duration = 3 s, worker { threads = 1, max-attempts = 9, heartbeat = 1 s } }";

    @TempDir
    private Path dir;

    private final Random random = new Random(SEED);
    private Fleet fleet;
    private Member coordinator;

    @BeforeEach
    void start() throws IOException {
        fleet = Fleet.start(dir, SETTINGS);
        coordinator = fleet.keepWorker("coordinator");
    }

    @AfterEach
    void end() {
        fleet.close();
    }

    @Test
    void everyTaskHasOneResultAndTheTableIsThatOfAnUndisturbedRun() {
        Member first = fleet.keepWorker(Fleet.WORK);
        Member second = fleet.keepWorker(Fleet.WORK);
        Account calm = undisturbed();
        fleet.submit("stormy", Experiments.of(TRIALS, STEPS));
        try (Progress progress = fleet.progress("stormy");
                Echo echo = new Echo(fleet.kafka(), SEED)) {
            for (int kill = 0; kill < 3; kill++) {
                untilTraining(progress);
                (random.nextBoolean() ? first : second).kill();
            }
            untilTraining(progress);
            coordinator.kill();
            first.awaitOutput("working as");
            second.awaitOutput("working as");
            untilTraining(progress);
            fleet.broker().kill();
            fleet.restartBroker();
            untilTraining(progress);
            first.freeze();
            Fleet.sleep(LOCK.multipliedBy(2));
            first.thaw();
            progress.awaitEnd(Duration.ofMinutes(5));
            assertThat(echo.copies()).isPositive();
        }
        Account stormy = Account.of(fleet.evidence("stormy"));
        assertThat(first.restarts() + second.restarts() + coordinator.restarts())
                .as(fleet.output())
                .isGreaterThanOrEqualTo(4);
        stormy.assertExactlyOnce().assertSameAs(calm);
    }

    private Account undisturbed() {
        fleet.submit("calm", Experiments.of(TRIALS, STEPS));
        try (Progress progress = fleet.progress("calm")) {
            progress.awaitEnd(Duration.ofMinutes(5));
        }
        Account calm = Account.of(fleet.evidence("calm")).assertExactlyOnce();
        assertThat(calm.accepted()).hasSize(3 * TRIALS + Experiments.OTHER_TASKS);
        assertThat(calm.fenced()).isEmpty();
        return calm;
    }

    /** A moment, other with every seed, in which something is trained. */
    private void untilTraining(Progress progress) {
        Fleet.sleep(Duration.ofMillis(500 + random.nextInt(1500)));
        progress.await("a training", () -> progress.running("train/"));
    }
}
