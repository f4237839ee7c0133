package dev.zooflow.actor;

import static dev.zooflow.actor.SampleRun.EXPERIMENT;
import static dev.zooflow.actor.SampleRun.RUN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ai.djl.engine.EngineException;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RoleWorkerTest {

    private static final Task ZOO = new Task.ProduceZoo(RUN, EXPERIMENT, 0, 2);
    private static final Task ZOO_2 = new Task.ProduceZoo(RUN, EXPERIMENT, 2, 4);

    private final ActorRig rig = new ActorRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private FakeWork work(FakeWork.Before before) {
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, before);
        rig.worker(work);
        return work;
    }

    private List<String> eventIds() {
        return rig.log.records().stream().map(r -> r.event().id()).toList();
    }

    @Test
    void publishesResultsBeforeCompletionAndAcceptsLast() {
        work((task, context) -> {});
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(eventIds()).containsExactly("zoo/0-2/started/1", "zoo/0", "zoo/1", "zoo/0-2/completed");
        assertThat(rig.log.events(TaskEvent.TaskCompleted.class))
                .singleElement()
                .satisfies(e -> assertThat(e.worker()).isEqualTo("worker-zoo-producer"));
    }

    @Test
    void failedAttemptsAreToldAndTriedAgain() {
        AtomicInteger attempts = new AtomicInteger();
        work((task, context) -> {
            if (attempts.incrementAndGet() < 3) {
                throw new IOException("disk is wobbly");
            }
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(rig.log.events(TaskEvent.TaskFailed.class))
                .extracting(TaskEvent.TaskFailed::attempt, TaskEvent.TaskFailed::last)
                .containsExactly(tuple(1, false), tuple(2, false));
        assertThat(rig.log.events(TaskEvent.TaskFailed.class).get(0).reason()).contains("disk is wobbly");
        assertThat(rig.log.events(TaskEvent.TaskCompleted.class))
                .singleElement()
                .satisfies(e -> assertThat(e.attempt()).isEqualTo(3));
    }

    @Test
    void theLastAttemptGivesUp() {
        FakeWork work = work((task, context) -> {
            throw new IllegalStateException("never");
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.rejected().isEmpty());
        assertThat(work.performed()).hasSize(3);
        assertThat(rig.log.events(TaskEvent.TaskFailed.class))
                .extracting(TaskEvent.TaskFailed::last)
                .containsExactly(false, false, true);
        assertThat(rig.queue.rejected()).containsExactly("zoo/0-2: IllegalStateException: never");
    }

    @Test
    void userErrorsAndPoisonAreRejectedAtOnceAndTheNextTaskIsDone() {
        FakeWork work = work((task, context) -> {
            if (task.equals(ZOO)) {
                throw UserError.usage("widths (0) is too small. Maybe 1?");
            } else if (task.equals(ZOO_2)) {
                throw new UnprocessableTaskException("trajectories 2-4 are not in this experiment");
            }
        });
        rig.queue.add(ZOO);
        rig.queue.add(ZOO_2);
        rig.queue.add(new Task.ProduceZoo(RUN, EXPERIMENT, 4, 5));
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(work.performed()).containsExactly("zoo/0-2", "zoo/2-4", "zoo/4-5");
        assertThat(rig.queue.rejected())
                .containsExactly(
                        "zoo/0-2: widths (0) is too small. Maybe 1?",
                        "zoo/2-4: trajectories 2-4 are not in this experiment");
        assertThat(rig.queue.accepted()).containsExactly("zoo/4-5");
    }

    @Test
    void missingInfrastructureIsTriedAgain() {
        AtomicInteger attempts = new AtomicInteger();
        work((task, context) -> {
            if (attempts.incrementAndGet() == 1) {
                throw UserError.infrastructure("file (x) is missing");
            }
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(attempts).hasValue(2);
    }

    @Test
    void whatWasKeptForATaskIsDeletedWhenNobodyWillTryItAgain() {
        AtomicInteger attempts = new AtomicInteger();
        FakeWork work = work((task, context) -> {
            if (attempts.incrementAndGet() == 1) {
                throw new IOException("not yet");
            }
            assertThat(rig.works.get(Role.ZOO_PRODUCER).forgotten()).isEmpty();
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> work.forgotten().equals(List.of("zoo/0-2")));
        rig.queue.add(ZOO);
        ActorRig.await(() -> work.forgotten().equals(List.of("zoo/0-2", "zoo/0-2")));
        assertThat(work.performed()).hasSize(2);
    }

    @Test
    void anErrorOfTheVirtualMachineFailsTheAttemptOnly() {
        AtomicInteger attempts = new AtomicInteger();
        work((task, context) -> {
            if (attempts.incrementAndGet() == 1) {
                throw new NoClassDefFoundError("gone");
            }
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).hasSize(1);
    }

    static Stream<Throwable> shortagesOfMemory() {
        return Stream.of(
                new EngineException("CUDA out of memory. Tried to allocate 2.00 GiB"),
                new OutOfMemoryError("Java heap space"));
    }

    @ParameterizedTest
    @MethodSource("shortagesOfMemory")
    void aShortageOfMemoryEndsTheAttemptWithItsReasonAndNotTheWorker(Throwable shortage) {
        work((task, context) -> {
            if (task.equals(ZOO) && shortage instanceof Error error) {
                throw error;
            } else if (task.equals(ZOO)) {
                throw (Exception) shortage;
            }
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.rejected().isEmpty());
        rig.queue.add(ZOO_2);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        String reason = shortage.getClass().getSimpleName() + ": " + shortage.getMessage();
        assertThat(rig.log.events(TaskEvent.TaskFailed.class))
                .extracting(TaskEvent.TaskFailed::task, TaskEvent.TaskFailed::reason, TaskEvent.TaskFailed::last)
                .containsExactly(
                        tuple("zoo/0-2", reason, false),
                        tuple("zoo/0-2", reason, false),
                        tuple("zoo/0-2", reason, true));
        assertThat(rig.queue.accepted()).containsExactly("zoo/2-4");
    }

    @Test
    void aTaskThatIsDoneOrWhoseRunIsOverIsForgotten() {
        rig.log.publish(SampleRun.completed(ZOO));
        FakeWork work = work((task, context) -> {});
        rig.queue.add(ZOO);
        ActorRig.await(() -> rig.queue.accepted().size() == 1);
        rig.log.publish(new RunEvent.RunCompleted(RUN, List.of(), 1));
        rig.queue.add(ZOO_2);
        ActorRig.await(() -> rig.queue.accepted().size() == 2);
        assertThat(work.performed()).isEmpty();
        assertThat(rig.log.events(TaskEvent.TaskStarted.class)).isEmpty();
    }

    @Test
    void resultsThatTheBrokersDoNotHoldFailTheAttempt() {
        AtomicBoolean down = new AtomicBoolean(true);
        rig.log.refuse(message -> message instanceof Event.ZooTrajectory && down.getAndSet(false));
        work((task, context) -> {});
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).hasSize(1);
        assertThat(eventIds()).containsSubsequence("zoo/0", "zoo/1", "zoo/0-2/completed/2");
    }

    @Test
    void anOutcomeThatTheBrokersDoNotHoldHandsTheTaskBack() {
        AtomicBoolean down = new AtomicBoolean(true);
        rig.log.refuse(message -> message instanceof TaskEvent.TaskCompleted && down.getAndSet(false));
        FakeWork work = work((task, context) -> {});
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(work.performed()).hasSize(2);
        assertThat(rig.log.events(TaskEvent.TaskCompleted.class)).hasSize(1);
    }

    @Test
    void stoppedAtWorkItHandsTheTaskBackAndTakesNoOther() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            started.countDown();
            while (true) {
                context.checkCancelled();
                TimeUnit.MILLISECONDS.sleep(1);
            }
        });
        ActorRef<RoleWorker.Command> worker = rig.worker(work);
        rig.queue.add(ZOO);
        rig.queue.add(ZOO_2);
        await(started);
        worker.tell(new RoleWorker.Stop());
        worker.tell(new RoleWorker.Stop());
        TestProbe<Object> probe = rig.kit.createTestProbe();
        probe.expectTerminated(worker);
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).containsExactly("zoo/2-4");
        assertThat(rig.queue.accepted()).containsExactly("zoo/0-2");
        assertThat(rig.log.events(TaskEvent.TaskSetAside.class))
                .containsExactly(
                        new TaskEvent.TaskSetAside(RUN, "zoo/0-2", Role.ZOO_PRODUCER, 1, "worker-zoo-producer"));
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).isEmpty();
        assertThat(rig.log.events(TaskEvent.TaskCompleted.class)).isEmpty();
    }

    @Test
    void aTaskDeliveredTwiceAfterALostLockIsDoneButAnsweredOnce() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch lost = new CountDownLatch(1);
        work((task, context) -> {
            started.countDown();
            await(lost);
        });
        rig.queue.add(ZOO);
        await(started);
        rig.queue.loseLocks();
        lost.countDown();
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(rig.queue.accepted()).containsExactly("zoo/0-2");
        assertThat(rig.log.events(TaskEvent.TaskCompleted.class))
                .singleElement()
                .satisfies(e -> assertThat(e.attempt()).isEqualTo(2));
        assertThat(rig.log.events(TaskEvent.TaskFailed.class)).singleElement().satisfies(e -> {
            assertThat(e.reason()).contains("lock on the task was lost");
            assertThat(e.last()).isFalse();
        });
        assertThat(rig.queue.waiting(Role.ZOO_PRODUCER)).isEmpty();
    }

    @Test
    void attemptsAreNumberedThroughAllDeliveries() {
        rig.log.publish(SampleRun.started(ZOO, 1));
        rig.log.publish(SampleRun.started(ZOO, 2));
        work((task, context) -> {});
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(eventIds()).endsWith("zoo/0-2/started/3", "zoo/0", "zoo/1", "zoo/0-2/completed/3");
    }

    @Test
    void whatComesInAPauseIsSetAside() {
        rig.log.publish(new RunEvent.RunPaused(RUN, 1));
        FakeWork work = work((task, context) -> {});
        rig.queue.add(ZOO);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(work.performed()).isEmpty();
        assertThat(eventIds()).containsExactly("paused/1", "zoo/0-2/set-aside/1");
    }

    @Test
    void tellsThatItLivesAndOnceThatItIsStuck() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        work((task, context) -> {
            context.publish(new Event.MetricPoint(RUN, "zoo/0-2", 1, 7, 0.1, 0.5, Map.of()));
            await(go);
        });
        rig.queue.add(ZOO);
        ActorRig.await(() -> rig.log.heartbeats().stream().anyMatch(h -> h.step() == 7));
        assertThat(rig.log.heartbeats()).last().satisfies(h -> {
            assertThat(h.task()).isEqualTo("sample-1/zoo/0-2");
            assertThat(h.residentMib()).isEqualTo(77);
            assertThat(h.device()).isEqualTo("cpu");
        });
        int beats = rig.log.heartbeats().size();
        ActorRig.await(() -> !rig.log.events(TaskEvent.TaskStuck.class).isEmpty()
                && rig.log.heartbeats().size() > beats + 15);
        go.countDown();
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(rig.log.events(TaskEvent.TaskStuck.class))
                .singleElement()
                .satisfies(e -> assertThat(e.seconds()).isBetween(0.4, 5.0));
        ActorRig.await(() ->
                rig.log.heartbeats().get(rig.log.heartbeats().size() - 1).task().isEmpty());
    }

    private static void await(CountDownLatch latch) throws InterruptedException {
        assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void workWaitsWhileTooMuchWaitsForTheBrokersAndGoesOn() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        work((task, context) -> {
            rig.log.full(true);
            started.countDown();
        });
        rig.queue.add(ZOO);
        await(started);
        assertThat(rig.log.events(Event.ZooTrajectory.class)).isEmpty();
        rig.log.full(false);
        ActorRig.await(() -> !rig.queue.accepted().isEmpty());
        assertThat(eventIds()).containsExactly("zoo/0-2/started/1", "zoo/0", "zoo/1", "zoo/0-2/completed");
    }

    @Test
    void workThatWaitsForRoomIsHandedBackWhenTheWorkerStops() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            rig.log.full(true);
            started.countDown();
        });
        ActorRef<RoleWorker.Command> worker = rig.worker(work);
        rig.queue.add(ZOO);
        await(started);
        worker.tell(new RoleWorker.Stop());
        rig.kit.createTestProbe().expectTerminated(worker);
        assertThat(rig.log.events(TaskEvent.TaskSetAside.class)).hasSize(1);
        assertThat(rig.log.events(Event.ZooTrajectory.class)).isEmpty();
    }
}
