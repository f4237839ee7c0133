package dev.zooflow.fault;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Coordinators that are killed while their run goes on. */
@Tag("faults")
class CoordinatorKillIT extends AbstractFaultIT {

    private static final int TRIALS = 12;
    private static final int STEPS = 300;
    private static final int KILLS = 10;

    @Test
    void tenKillsLeaveTheSameTasksAndTheSameTable() {
        addWorker();
        addWorker();
        killed(TRIALS, STEPS, KILLS, this::coordinator);
    }
}
