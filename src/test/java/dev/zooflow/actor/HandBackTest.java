package dev.zooflow.actor;

import static dev.zooflow.actor.SampleRun.EXPERIMENT;
import static dev.zooflow.actor.SampleRun.RUN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.UnwritableFileException;
import dev.zooflow.message.WorkQueue;
import dev.zooflow.tensor.ComputeDevice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of tasks whose workers can't end them, through no fault of the task. */
class HandBackTest {

    private static final Task ZOO = new Task.ProduceZoo(RUN, EXPERIMENT, 0, 2);

    private final ActorRig rig = new ActorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> eventIds() {
        return rig.log.records().stream().map(r -> r.event().id()).toList();
    }

    @Test
    void aDiskThatCanNotBeWrittenEndsTheWorkerAndNotTheTask() {
        FakeWork full = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            throw new UncheckedIOException(new UnwritableFileException("file (x) can't be written", new IOException()));
        });
        TestProbe<Object> probe = rig.kit.createTestProbe();
        ActorRef<RoleWorker.Command> worker = rig.worker(full);
        rig.queue.add(ZOO);
        probe.expectTerminated(worker);
        assertThat(full.performed()).hasSize(1);
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).isEmpty();
        assertThat(rig.queue.accepted())
                .as("off the queue for the coordinator to queue it again")
                .contains("zoo/0-2");
        assertThat(eventIds()).containsExactly("zoo/0-2/started/1", "zoo/0-2/set-aside/1");
    }

    @Test
    void theDiskOfItsLastAttemptLosesNoTask() {
        rig.coordinator();
        rig.log.publish(SampleRun.submitted());
        ActorRig.await(() -> rig.queue.waiting(Role.ZOO_PRODUCER).contains("zoo/0-2"));
        TestProbe<Object> probe = rig.kit.createTestProbe();
        for (int broken = 1; broken <= 5; broken++) {
            probe.expectTerminated(rig.worker(new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
                throw new UnwritableFileException("file (x) can't be written", new IOException());
            })));
        }
        rig.workers();
        rig.worker(new FakeWork(Role.ZOO_PRODUCER));
        assertThat(rig.awaitEnd().failed()).isEmpty();
        assertThat(rig.queue.rejected()).isEmpty();
    }

    /** So often machines may fail with it before it is held to be its own fault. */
    @ParameterizedTest
    @CsvSource({"98, false", "99, true"})
    void aTaskWithWhichAHundredMachinesFailedIsGivenUp(int before, boolean givenUp) {
        rig.log.publish(SampleRun.started(ZOO, before));
        TestProbe<Object> probe = rig.kit.createTestProbe();
        ActorRef<RoleWorker.Command> worker = rig.worker(new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            throw new UnwritableFileException("file (x) can't be written", new IOException());
        }));
        rig.queue.add(ZOO);
        probe.expectTerminated(worker);
        assertThat(rig.log.events(TaskEvent.TaskFailed.class))
                .extracting(TaskEvent.TaskFailed::last)
                .isEqualTo(givenUp ? List.of(true) : List.of());
        assertThat(rig.log.events(TaskEvent.TaskSetAside.class)).hasSize(givenUp ? 0 : 1);
    }

    @Test
    void whatHasNoNumberYetIsHandedBackAndNothingIsTold() {
        FakeWork idle = new FakeWork(Role.ZOO_PRODUCER);
        for (Verdict verdict : List.of(
                new Verdict.SetAside(),
                new Verdict.Withdraw("away"),
                new Verdict.GiveUp("the log can't be read", null))) {
            List<WorkQueue.Delivery> deliveries = new ArrayList<>();
            InMemoryWorkQueue queue = new InMemoryWorkQueue(3);
            queue.add(ZOO);
            Subscription consumption = queue.consume(Role.ZOO_PRODUCER, deliveries::add);
            TaskRun run = new TaskRun(idle, rig.log, deliveries.get(0), "w");
            RoleWorker.Settings settings = new RoleWorker.Settings(
                    idle, rig.log, queue, "w", ComputeDevice.CPU, ActorRig.VITALS, ActorRig.BACKOFF);
            new Settlement(settings, Runnable::run).settle(run, verdict, 1);
            consumption.close();
            assertThat(queue.waiting(Role.ZOO_PRODUCER)).as(verdict.toString()).containsExactly("zoo/0-2");
            assertThat(queue.accepted()).isEmpty();
        }
        assertThat(eventIds()).isEmpty();
    }

    @Test
    void anAttemptWaitsForItsNumberUntilTheStoreIsBack() {
        rig.log.storeAway(true);
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER);
        rig.worker(work);
        rig.queue.add(ZOO);
        ActorRig.await(() -> rig.log.readInVain() > 2);
        assertThat(work.performed()).isEmpty();
        assertThat(eventIds()).as("the wait may be told").isSubsetOf("zoo/0-2/stuck/1");
        rig.log.storeAway(false);
        ActorRig.await(() -> rig.queue.accepted().contains("zoo/0-2"));
        assertThat(work.performed()).hasSize(1);
        assertThat(eventIds())
                .contains("zoo/0-2/started/1", "zoo/0-2/completed")
                .doesNotContain("zoo/0-2/started/2");
    }

    @Test
    void aTaskWithWhichAllItsWorkersDiedIsGivenUpForTheCoordinatorToKnow() {
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER);
        rig.queue.add(ZOO, 4);
        rig.worker(work);
        ActorRig.await(() -> !rig.queue.rejected().isEmpty());
        assertThat(work.performed()).isEmpty();
        assertThat(rig.queue.rejected()).containsExactly("zoo/0-2: all attempts were begun and none ended");
        assertThat(rig.log.events(TaskEvent.TaskFailed.class))
                .singleElement()
                .satisfies(e -> assertThat(e.last()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "0, -1, 0, false",
        "0, -1, 7, true",
        "3, -1, 7, false",
        "3, 7, 7, false",
        "3, 5, 7, true",
    })
    void aTaskWithWhichItsWorkersDiedMayGoOnDyingAsLongAsItComesFurther(
            int before, long continued, long saved, boolean goesOn) {
        rig.log.publish(new TaskEvent.TaskQueued(RUN, ZOO.id(), ZOO.role(), before));
        rig.log.publish(new TaskEvent.TaskContinued(RUN, ZOO.id(), ZOO.role(), before, 1, 1.0));
        for (int attempt = before + 1; attempt <= before + 3; attempt++) {
            rig.log.publish(SampleRun.started(ZOO, attempt));
            if (continued >= 0) {
                rig.log.publish(new TaskEvent.TaskContinued(
                        RUN, ZOO.id(), ZOO.role(), attempt, continued + attempt - before - 1, 1.0));
            }
        }
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER);
        work.saves(saved);
        rig.queue.add(ZOO, 4);
        rig.worker(work);
        ActorRig.await(
                () -> !rig.queue.rejected().isEmpty() || !rig.queue.accepted().isEmpty());
        assertThat(work.performed()).isEmpty();
        assertThat(rig.queue.accepted().size()).isEqualTo(goesOn ? 1 : 0);
        assertThat(rig.log.events(TaskEvent.TaskSetAside.class)).hasSize(goesOn ? 1 : 0);
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).hasSize(goesOn ? 0 : 1);
    }
}
