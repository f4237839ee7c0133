package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Workers that are killed, and workers that stand still for so long that they lose their locks. */
@Tag("faults")
class WorkerKillIT extends AbstractFaultIT {

    private static final int TRIALS = 60;
    private static final int STEPS = 300;
    private static final int KILLS = 50;
    private static final int STANDSTILLS = 6;
    // A worker that stands still at any moment is most likely in the middle of one.
    private static final int LONG = 3000;

    @Test
    void fiftyKillsInARunOfSixtyTrials() {
        addWorker();
        addWorker();
        addWorker();
        KilledRun run = killed(TRIALS, STEPS, KILLS, this::anyWorker);
        assertThat(run.stormy().attempts()).isGreaterThan(run.calm().attempts());
    }

    @Test
    void aWorkerThatStandsStillPastItsLockIsFencedOff() {
        addWorker();
        addWorker();
        int trials = 8;
        Account calm = undisturbed(trials, LONG);
        Account stormy = run("still", trials, LONG, progress -> {
            for (int i = 0; i < STANDSTILLS; i++) {
                untilTraining(progress);
                Member worker = anyWorker();
                worker.freeze();
                Fleet.sleep(LOCK.multipliedBy(2).plus(Duration.ofMillis(random.nextInt(1000))));
                worker.thaw();
            }
        });
        stormy.assertSameAs(calm);
        assertThat(stormy.fenced().size() + stormy.fencedOff()).isPositive();
    }
}
