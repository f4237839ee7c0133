package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Workers that are killed, and workers that stand still for so long that they lose their locks. */
@Tag("faults")
class WorkerKillIT extends AbstractFaultIT {

    private static final int TRIALS = 60;
    private static final int STEPS = 300;
    private static final int KILLS = 50;
    private static final int STANDSTILLS = 4;
    private static final int TRAININGS = 12;
    private static final int LONG = 800;

    @Test
    void fiftyKillsInARunOfSixtyTrials() {
        addWorker();
        addWorker();
        addWorker();
        KilledRun run = killed(TRIALS, STEPS, KILLS, this::anyWorker);
        assertThat(run.stormy().attempts()).isGreaterThan(run.calm().attempts());
        // What is asserted of them all is seen: kills do cost something.
        assertThat(run.stormy().repeated())
                .anySatisfy(seconds -> assertThat(seconds).isPositive());
    }

    @Test
    void aWorkerThatStandsStillPastItsLockIsFencedOff() {
        addWorker();
        addWorker();
        Account calm = undisturbed(TRAININGS, LONG);
        Account stormy = disturbed("still", TRAININGS, LONG, progress -> {
            int takeovers = 0;
            for (int i = 0; i < STANDSTILLS; i++) {
                untilTraining(progress);
                int before = progress.successors();
                Member worker = anyWorker();
                worker.freeze();
                untilTakenOver(progress, before);
                worker.thaw();
                takeovers += progress.successors() > before ? 1 : 0;
            }
            assertThat(takeovers).isGreaterThanOrEqualTo(STANDSTILLS / 2);
        });
        stormy.assertSameAs(calm);
        assertThat(stormy.fenced().size() + stormy.fencedOff()).isPositive();
    }
}
