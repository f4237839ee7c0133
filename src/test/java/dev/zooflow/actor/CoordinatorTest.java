package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.Message;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
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
        return rig.log.events(TaskEvent.TaskQueued.class).stream()
                .map(TaskEvent.TaskQueued::task)
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
    void theOlderOfTwoCoordinatorsStops() {
        TestProbe<Object> probe = rig.kit.createTestProbe();
        rig.log.publish(SampleRun.submitted());
        ActorRef<Coordinator.Command> first = rig.coordinator();
        ActorRig.await(() -> queuedEvents().size() == 3);
        rig.coordinator();
        probe.expectTerminated(first);
        assertThat(rig.log.events(RunEvent.CoordinatorStarted.class))
                .extracting(RunEvent.CoordinatorStarted::epoch, RunEvent.CoordinatorStarted::coordinator)
                .containsExactly(tuple(1, "c1"), tuple(2, "c2"));
        rig.workers();
        assertThat(rig.awaitEnd().failed()).isEmpty();
        assertThat(queuedEvents()).doesNotHaveDuplicates();
    }

    @Test
    void ofTwoWithTheSameEpochTheFirstInTheLogStays() {
        TestProbe<Object> probe = rig.kit.createTestProbe();
        rig.log.publish(SampleRun.submitted());
        rig.log.refuse(message -> message instanceof RunEvent.CoordinatorStarted);
        ActorRef<Coordinator.Command> late = rig.coordinator();
        ActorRig.await(() -> rig.log.refusals() > 0);
        rig.log.refuse(message -> message.id().endsWith("/c1"));
        rig.log.publish(new RunEvent.CoordinatorStarted(SampleRun.RUN, 1, "rival"));
        probe.expectTerminated(late);
        assertThat(queuedEvents()).isEmpty();
    }

    @Test
    void inAPauseNothingIsQueuedAndWhatWasSetAsideComesAgainAfterwards() {
        rig.log.publish(SampleRun.submitted());
        rig.log.publish(new RunEvent.RunPaused(SampleRun.RUN, 1));
        rig.coordinator();
        ActorRig.await(() -> !rig.log.events(RunEvent.CoordinatorStarted.class).isEmpty());
        rig.log.publish(new TaskEvent.TaskSetAside(SampleRun.RUN, "zoo/0-2", Role.ZOO_PRODUCER, 2, "w"));
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).isEmpty();
        rig.log.publish(new RunEvent.RunContinued(SampleRun.RUN, 1));
        ActorRig.await(() -> queuedEvents().size() == 3);
        assertThat(rig.log.events(TaskEvent.TaskQueued.class))
                .extracting(TaskEvent.TaskQueued::task, TaskEvent.TaskQueued::after)
                .containsExactlyInAnyOrder(tuple("zoo/0-2", 2), tuple("zoo/2-4", 0), tuple("zoo/4-5", 0));
    }

    @Test
    void aCancelledRunIsResumedWithoutRepeatingAnything() {
        rig.log.publish(SampleRun.submitted());
        TestProbe<Object> probe = rig.kit.createTestProbe();
        ActorRef<Coordinator.Command> first = rig.coordinator();
        Task done = new Task.ProduceZoo(SampleRun.RUN, SampleRun.EXPERIMENT, 0, 2);
        ActorRig.await(() -> queuedEvents().size() == 3);
        rig.log.publish(SampleRun.completed(done));
        rig.log.publish(new RunEvent.RunCompleted(SampleRun.RUN, List.of(RunEvent.RunCompleted.CANCELLED), 0));
        probe.expectTerminated(first);
        rig.workers();
        ActorRig.await(() -> rig.queue.waiting(Role.ZOO_PRODUCER).isEmpty());

        rig.log.publish(new RunEvent.RunResumed(SampleRun.RUN, 2));
        rig.coordinator();
        ActorRig.await(() -> rig.log.events(RunEvent.RunCompleted.class).size() == 2);
        assertThat(rig.log.events(RunEvent.RunCompleted.class).get(1))
                .satisfies(end -> assertThat(end.failed()).isEmpty())
                .satisfies(end -> assertThat(end.round()).isEqualTo(2));
        assertThat(rig.works.get(Role.ZOO_PRODUCER).performed()).containsExactlyInAnyOrder("zoo/2-4", "zoo/4-5");
    }

    @Test
    void aTaskThatWasGivenUpIsTriedAgainOnRequest() {
        AtomicInteger attempts = new AtomicInteger();
        rig.worker(new FakeWork(Role.TRAINER, (task, context) -> {
            if (task.id().equals("train/a") && attempts.incrementAndGet() == 1) {
                throw new UnprocessableTaskException("not yet");
            }
        }));
        rig.workers();
        rig.log.publish(SampleRun.submitted());
        TestProbe<Object> probe = rig.kit.createTestProbe();
        ActorRef<Coordinator.Command> first = rig.coordinator();
        assertThat(rig.awaitEnd().failed()).containsExactly("train/a");
        probe.expectTerminated(first);
        List<String> before = rig.works.get(Role.TRAINER).performed();

        rig.log.publish(new TaskEvent.TaskRetried(SampleRun.RUN, "train/a", 1));
        rig.log.publish(new RunEvent.RunResumed(SampleRun.RUN, 2));
        rig.coordinator();
        ActorRig.await(() -> rig.log.events(RunEvent.RunCompleted.class).size() == 2);
        assertThat(rig.log.events(RunEvent.RunCompleted.class).get(1).failed()).isEmpty();
        List<String> after = rig.works.get(Role.TRAINER).performed();
        assertThat(after.subList(before.size(), after.size())).containsExactly("train/a");
        assertThat(SampleRun.fold(rig.log.records()).scores()).contains("score/generated/a/final");
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
                if (state.tasks().knows(task.id()) && !state.tasks().isSettled(task.id())) {
                    rig.queue.add(task);
                }
            }
        }
    }

    @Test
    void whatCannotBePublishedIsPublishedLater() {
        AtomicInteger refusals = new AtomicInteger();
        rig.log.refuse(message -> !(message instanceof RunEvent.RunSubmitted) && refusals.incrementAndGet() <= 7);
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        ActorRig.await(() -> queuedEvents().size() == 3);
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).containsExactlyInAnyOrder("zoo/0-2", "zoo/2-4", "zoo/4-5");
        assertThat(refusals.get()).isGreaterThanOrEqualTo(7);
    }

    @Test
    void theEndIsToldAfterAllThatComesBeforeIt() {
        AtomicInteger refusals = new AtomicInteger();
        rig.log.refuse(message -> message instanceof TaskEvent.TaskQueued q
                && q.task().equals("train/a")
                && refusals.incrementAndGet() <= 6);
        rig.coordinator();
        rig.workers();
        rig.log.publish(SampleRun.submitted());
        assertThat(rig.awaitEnd().failed()).isEmpty();
        assertThat(refusals.get()).isEqualTo(7);
        assertThat(queuedEvents()).contains("train/a").doesNotHaveDuplicates();
        assertThat(rig.log.records().get(rig.log.records().size() - 1).event())
                .isInstanceOf(RunEvent.RunCompleted.class);
    }

    @Test
    void givesUpWhenPublishingFailsForGood() {
        TestProbe<Object> probe = rig.kit.createTestProbe();
        ActorRef<Coordinator.Command> coordinator = rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        rig.log.refuse((Message message) -> true);
        rig.log.copies(1);
        probe.expectTerminated(rig.kit.spawn(
                rig.coordinator("late", new Backoff(ActorRig.BACKOFF.first(), ActorRig.BACKOFF.longest(), 2))));
        assertThat(rig.log.events(RunEvent.RunCompleted.class)).isEmpty();
        rig.kit.stop(coordinator);
    }
}
