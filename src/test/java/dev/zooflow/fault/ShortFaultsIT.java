package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The commonest faults in one run. */
@Tag("short-faults")
class ShortFaultsIT extends AbstractFaultIT {

    private static final int TRIALS = 6;
    private static final int STEPS = 500;

    @Test
    void everyTaskHasOneResultAndTheTableIsThatOfAnUndisturbedRun() {
        Member first = addWorker();
        addWorker();
        Account calm = undisturbed(TRIALS, STEPS);
        Account stormy = disturbed("stormy", TRIALS, STEPS, progress -> {
            try (Echo echo = new Echo(fleet().kafka(), random.nextLong())) {
                for (int kill = 0; kill < 3; kill++) {
                    untilTraining(progress);
                    anyWorker().kill();
                }
                untilTraining(progress);
                coordinator().kill();
                fleet().broker().kill();
                fleet().restartBroker();
                untilTraining(progress);
                first.freeze();
                Fleet.sleep(LOCK.multipliedBy(2));
                first.thaw();
                progress.awaitEnd(END);
                assertThat(echo.copies()).isPositive();
            }
        });
        stormy.assertSameAs(calm);
        assertThat(stormy.attempts()).isGreaterThan(calm.attempts());
        anyOrderTellsTheSame("calm", "stormy");
    }

    /** Every record twice, and in another order: the program must say of each run what it says without that. */
    private void anyOrderTellsTheSame(String... runs) {
        removeAll();
        String prefix = "shuffled";
        int records = Shuffle.copy(fleet().kafka(), fleet().kafka(prefix), random);
        assertThat(records).isPositive();
        for (String run : runs) {
            Report report = report(run);
            Report shuffled = report(run, prefix);
            assertThat(shuffled.scores()).as("scores.json of %s", run).isEqualTo(report.scores());
            assertThat(shuffled.metrics()).as("metrics.csv of %s", run).isEqualTo(report.metrics());
            assertThat(shuffled.run()).as("run.json of %s", run).isEqualTo(report.run());
            assertThat(shuffled.word()).isEqualTo(report.word()).isEqualTo("completed\n");
            assertThat(shuffled.status()).as("status of %s", run).isEqualTo(report.status());
        }
    }
}
