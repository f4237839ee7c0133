package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.Message;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CoordinatorTest {

    private final ActorRig rig = new ActorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> queuedEvents() {
        return rig.log.events(Event.TaskQueued.class).stream()
                .map(Event.TaskQueued::task)
                .toList();
    }

    @Test
    void queuesTheZooAndSaysSo() {
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        ActorRig.await(() -> queuedEvents().size() == 3);
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).containsExactly("zoo/0-2", "zoo/2-4", "zoo/4-5");
        assertThat(queuedEvents()).containsExactlyInAnyOrder("zoo/0-2", "zoo/2-4", "zoo/4-5");
    }

    @Test
    void aSecondCoordinatorQueuesNothingThatTheFirstDid() {
        ActorRef<Coordinator.Command> first = rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        ActorRig.await(() -> queuedEvents().size() == 3);
        rig.kit.stop(first);

        rig.coordinator();
        Task lastOfZoo = new Task.ProduceZoo(SampleRun.RUN, SampleRun.EXPERIMENT, 4, 5);
        rig.log.publish(SampleRun.completed(new Task.ProduceZoo(SampleRun.RUN, SampleRun.EXPERIMENT, 0, 2)));
        rig.log.publish(SampleRun.completed(new Task.ProduceZoo(SampleRun.RUN, SampleRun.EXPERIMENT, 2, 4)));
        rig.log.publish(SampleRun.completed(lastOfZoo));
        ActorRig.await(() -> queuedEvents().size() == 6);
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).hasSize(3);
        assertThat(queuedEvents().subList(3, 6)).containsExactlyInAnyOrder("evaluate/baselines", "train/a", "train/b");
    }

    @Test
    void startedAfterTheEndItStopsAtOnce() {
        SampleRun.log(List.of()).forEach(recorded -> rig.log.publish(recorded.event()));
        int records = rig.log.records().size();
        TestProbe<Object> probe = rig.kit.createTestProbe();
        probe.expectTerminated(rig.coordinator());
        assertThat(rig.log.records()).hasSize(records);
    }

    @Test
    void takesUpEveryPossibleRestGoingOnToTheSameEnd() {
        List<Recorded> whole = SampleRun.log(List.of());
        for (int n : new int[] {1, 5, 14, 20, 25, whole.size() - 3, whole.size() - 1}) {
            try (ActorRig rest = new ActorRig()) {
                whole.subList(0, n).forEach(recorded -> rest.log.publish(recorded.event()));
                // A crash may have come between a task's queueing and its end: such tasks are delivered again.
                requeue(rest, SampleRun.fold(whole.subList(0, n)));
                rest.coordinator();
                rest.workers();
                assertThat(rest.awaitEnd().failed()).as("after %d events", n).isEmpty();
                assertThat(SampleRun.fold(rest.log.records()).scores())
                        .contains("score/generated/a/final", "score/generated/b/final");
            }
        }
    }

    private static void requeue(ActorRig rig, RunState state) {
        List<Recorded> known = rig.log.records();
        RunState before = RunState.empty(SampleRun.RUN);
        for (Recorded recorded : known) {
            before = before.with(recorded);
            for (Task task : Planner.plan(before).tasks()) {
                if (state.queued().contains(task.id()) && !state.isSettled(task.id())) {
                    rig.queue.add(task);
                }
            }
        }
    }

    @Test
    void whatCannotBePublishedIsPublishedLater() {
        AtomicInteger refusals = new AtomicInteger();
        rig.log.refuse(message -> !(message instanceof Event.RunSubmitted) && refusals.incrementAndGet() <= 7);
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        ActorRig.await(() -> queuedEvents().size() == 3);
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).containsExactlyInAnyOrder("zoo/0-2", "zoo/2-4", "zoo/4-5");
        assertThat(refusals.get()).isGreaterThanOrEqualTo(7);
    }

    @Test
    void givesUpWhenPublishingFailsForGood() {
        TestProbe<Object> probe = rig.kit.createTestProbe();
        ActorRef<Coordinator.Command> coordinator = rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        rig.log.refuse((Message message) -> true);
        rig.log.copies(1);
        probe.expectTerminated(rig.kit.spawn(Coordinator.create(
                rig.log, SampleRun.RUN, new Backoff(ActorRig.BACKOFF.first(), ActorRig.BACKOFF.longest(), 2))));
        assertThat(rig.log.events(Event.RunCompleted.class)).isEmpty();
        rig.kit.stop(coordinator);
    }
}
