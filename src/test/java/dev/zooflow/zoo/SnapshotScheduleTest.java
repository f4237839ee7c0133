package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ZooSpec;
import org.junit.jupiter.api.Test;

final class SnapshotScheduleTest {

    @Test
    void snapshotsAreEvenlySpacedAfterTheBurnInAndEndWithTheLastStep() {
        SnapshotSchedule schedule = SnapshotSchedule.of(spec(10, 4, 3), 100);
        assertThat(schedule.stepsPerEpoch()).as("3 batches of 32 and one of 4").isEqualTo(4);
        assertThat(schedule.steps()).isEqualTo(40);
        assertThat(schedule.snapshots()).containsExactly(24, 32, 40);
    }

    @Test
    void moreSnapshotsThanStepsMakeEveryStepOne() {
        assertThat(SnapshotSchedule.of(spec(2, 1, 50), 100).snapshots()).containsExactly(5, 6, 7, 8);
    }

    @Test
    void oneSnapshotIsTheTrainedNetwork() {
        assertThat(SnapshotSchedule.of(spec(7, 0, 1), 32).snapshots()).containsExactly(7);
    }

    private static ZooSpec spec(int epochs, int burnIn, int snapshots) {
        return new ZooSpec(
                ZooSpec.Kind.TRAINED,
                "",
                2,
                2,
                epochs,
                32,
                ZooSpec.Optimizer.ADAM,
                1e-3,
                0.9,
                0,
                0.1,
                burnIn,
                snapshots,
                4,
                0,
                1);
    }
}
