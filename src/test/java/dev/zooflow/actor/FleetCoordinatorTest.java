package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.RunEvent;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetCoordinatorTest {

    private static final Backoff SHORT = new Backoff(Duration.ofMillis(10), Duration.ofMillis(20), 2);

    private final ActorRig rig = new ActorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private void fleet() {
        rig.kit.spawn(FleetCoordinator.create(rig.log, new FleetCoordinator.Settings("group", "c1", SHORT)));
    }

    private void submitted() {
        rig.log.publish(SampleRun.submitted());
        rig.log.publish(new RunEvent.RunOffered(SampleRun.RUN));
    }

    @Test
    void aRunThatStalledIsTakenAgain() {
        submitted();
        rig.log.refuse(message -> message instanceof RunEvent.CoordinatorStarted);
        fleet();
        // More than one coordinator publishes before it gives up.
        ActorRig.await(() -> rig.log.refusals() > SHORT.attempts());
        rig.log.refuse(message -> false);
        rig.workers();
        assertThat(rig.awaitEnd().failed()).isEmpty();
    }

    @Test
    void aRunThatCanNotBeReadDoesNotKeepOthersFromTheirEnd() {
        RunId unreadable = new RunId("unreadable");
        rig.log.publish(new RunEvent.RunSubmitted(unreadable, "flows = [{ geometry = klein-bottle }]", Map.of()));
        rig.log.publish(new RunEvent.RunOffered(unreadable));
        submitted();
        fleet();
        rig.workers();
        assertThat(rig.awaitEnd().run()).isEqualTo(SampleRun.RUN);
    }
}
