package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A broker that is restarted again and again, and one that is away for minutes. */
@Tag("faults")
class BrokerAwayIT extends AbstractFaultIT {

    private static final int TRIALS = 8;
    private static final int STEPS = 400;
    private static final int RESTARTS = 10;
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("zooflow.away-seconds", 300));

    @Test
    void tenRestartsLoseNothing() {
        Member first = addWorker();
        Member second = addWorker();
        Account calm = undisturbed(TRIALS, STEPS);
        awaitWorkers();
        Account stormy = disturbed("stormy", TRIALS, STEPS, progress -> {
            int tasks = 3 * TRIALS + Experiments.OTHER_TASKS - 3;
            for (int restart = 0; restart < RESTARTS; restart++) {
                untilCompleted(progress, tasks * restart / RESTARTS);
                fleet().broker().kill();
                fleet().restartBroker();
            }
        });
        stormy.assertSameAs(calm);
        assertThat(first.restarts() + second.restarts() + coordinator().restarts())
                .as(fleet().output())
                .isZero();
    }

    @Test
    void aTrainingGoesOnWhileTheBrokerIsAway() {
        Member worker = addWorker();
        awaitWorkers();
        long[] before = {0, 0};
        int steps = (int) (AWAY.toSeconds() * 100);
        Account account = disturbed("away", 1, steps, progress -> {
            untilTraining(progress);
            Fleet.sleep(Duration.ofSeconds(3));
            fleet().broker().kill();
            before[0] = newestState();
            before[1] = worker.residentMib();
            Fleet.sleep(AWAY);
            assertThat(newestState())
                    .as("a state was saved while the broker was away")
                    .isGreaterThan(before[0]);
            assertThat(worker.residentMib() - before[1]).as("MiB of growth").isLessThan(200);
            fleet().restartBroker();
        });
        assertThat(worker.restarts() + coordinator().restarts())
                .as(fleet().output())
                .isZero();
        assertThat(account.fenced()).isEmpty();
    }

    /** When the latest state of the training was saved; 0 before the first. */
    private long newestState() {
        return fleet().blobs().resolve("names/states/away/train/f0").toFile().lastModified();
    }
}
