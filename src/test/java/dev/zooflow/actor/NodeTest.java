package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.UnwritableFileException;
import dev.zooflow.message.WorkQueue;
import dev.zooflow.message.WorkerHeartbeat;
import dev.zooflow.tensor.ComputeDevice;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeTest {

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(10), Duration.ofMillis(20), 3);

    private final InMemoryWorkQueue queue = new InMemoryWorkQueue(3);
    private final InMemoryEventLog log = new InMemoryEventLog(queue::add);
    private final CompletableFuture<Void> failure = new CompletableFuture<>();

    @AfterEach
    void close() {
        log.close();
    }

    private RoleWorker.Settings worker(RoleWork work, WorkQueue from) {
        return worker(work, from, ComputeDevice.CPU);
    }

    private RoleWorker.Settings worker(RoleWork work, WorkQueue from, ComputeDevice device) {
        return new RoleWorker.Settings(work, log, from, "w/" + device, device, ActorRig.VITALS, BACKOFF);
    }

    private ActorSystem<Node.Command> node(List<RoleWorker.Settings> workers) {
        Node.Settings settings = new Node.Settings(
                log,
                List.of(Coordinator.create(log, new Coordinator.Settings(SampleRun.RUN, "c", BACKOFF))),
                workers,
                failure);
        List<ComputeDevice> devices =
                workers.stream().map(RoleWorker.Settings::device).toList();
        return ActorSystem.create(Node.create(settings), "node", Dispatchers.config(devices));
    }

    private static void awaitEnd(ActorSystem<Node.Command> node) throws Exception {
        node.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void runsARunAndStops() throws Exception {
        List<RoleWorker.Settings> workers = Arrays.stream(Role.values())
                .map(role -> worker(new FakeWork(role), queue))
                .toList();
        ActorSystem<Node.Command> node = node(workers);
        log.publish(SampleRun.submitted());
        ActorRig.await(() -> SampleRun.fold(log.records()).over().isPresent());
        node.tell(new Node.Stop());
        awaitEnd(node);
        assertThat(failure).isNotDone();
    }

    @Test
    void eachDeviceHasATaskOfTheRoleAtATime() throws Exception {
        List<ComputeDevice> devices = List.of(new ComputeDevice("cuda:0"), new ComputeDevice("cuda:1"));
        CountDownLatch together = new CountDownLatch(devices.size());
        FakeWork.Before meet = (task, context) -> {
            together.countDown();
            if (!together.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("one task at a time");
            }
        };
        ActorSystem<Node.Command> node = node(devices.stream()
                .map(device -> worker(new FakeWork(Role.ZOO_PRODUCER, meet), queue, device))
                .toList());
        log.publish(SampleRun.submitted());
        ActorRig.await(() -> queue.waiting(Role.ZOO_PRODUCER).isEmpty()
                && log.events(TaskEvent.TaskCompleted.class).size() == 3);
        assertThat(log.heartbeats()).extracting(WorkerHeartbeat::device).contains("cuda:0", "cuda:1");
        assertThat(log.events(TaskEvent.TaskFailed.class)).isEmpty();
        node.tell(new Node.Stop());
        awaitEnd(node);
    }

    @Test
    void stoppingWaitsUntilWorkIsHandedBack() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            started.countDown();
            while (true) {
                context.checkCancelled();
                TimeUnit.MILLISECONDS.sleep(1);
            }
        });
        ActorSystem<Node.Command> node = node(List.of(worker(work, queue)));
        log.publish(SampleRun.submitted());
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        node.tell(new Node.Stop());
        awaitEnd(node);
        assertThat(queue.waiting(Role.ZOO_PRODUCER)).containsExactlyInAnyOrder("zoo/2-4", "zoo/4-5");
        assertThat(log.events(TaskEvent.TaskSetAside.class))
                .extracting(TaskEvent.TaskSetAside::task)
                .containsExactly("zoo/0-2");
    }

    @Test
    void theEndOfARunStopsWorkForIt() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            started.countDown();
            while (true) {
                context.checkCancelled();
                TimeUnit.MILLISECONDS.sleep(1);
            }
        });
        ActorSystem<Node.Command> node = node(List.of(worker(work, queue)));
        log.publish(SampleRun.submitted());
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        log.publish(new RunEvent.RunCompleted(SampleRun.RUN, List.of(RunEvent.RunCompleted.CANCELLED), 0));
        ActorRig.await(() -> log.events(TaskEvent.TaskSetAside.class).size() == 3);
        assertThat(queue.waiting(Role.ZOO_PRODUCER)).isEmpty();
        assertThat(work.performed()).hasSize(1);
        node.tell(new Node.Stop());
        awaitEnd(node);
    }

    @Test
    void aTaskThatIsStoppedIsLeftForGood() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            started.countDown();
            while (task.id().equals("zoo/0-2")) {
                context.checkCancelled();
                TimeUnit.MILLISECONDS.sleep(1);
            }
        });
        ActorSystem<Node.Command> node = node(List.of(worker(work, queue)));
        log.publish(SampleRun.submitted());
        assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
        log.publish(new TaskEvent.TaskStopped(SampleRun.RUN, "zoo/0-2", Role.ZOO_PRODUCER, 1, 1, "enough"));
        ActorRig.await(() -> work.performed().size() == 3);
        ActorRig.await(() -> work.forgotten().contains("zoo/0-2"));
        assertThat(queue.waiting(Role.ZOO_PRODUCER)).isEmpty();
        assertThat(work.performed()).containsExactly("zoo/0-2", "zoo/2-4", "zoo/4-5");
        node.tell(new Node.Stop());
        awaitEnd(node);
    }

    @Test
    void aDiskThatCanNotBeWrittenIsTold() throws Exception {
        FakeWork work = new FakeWork(Role.ZOO_PRODUCER, (task, context) -> {
            throw new UnwritableFileException("file (x) can't be written", new IOException());
        });
        ActorSystem<Node.Command> node = node(List.of(worker(work, queue)));
        log.publish(SampleRun.submitted());
        assertThat(failure)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(UserError.class)
                .withMessageContaining("file (x) can't be written");
        node.tell(new Node.Stop());
        awaitEnd(node);
    }

    @Test
    void aWorkerThatGivesUpIsTold() throws Exception {
        WorkQueue broken = new WorkQueue() {
            @Override
            public Subscription consume(Role role, Consumer<Delivery> handler) {
                throw new IllegalStateException("no brokers");
            }

            @Override
            public void close() {}
        };
        ActorSystem<Node.Command> node = node(List.of(worker(new FakeWork(Role.TRAINER), broken)));
        assertThat(failure).failsWithin(Duration.ofSeconds(10));
        node.tell(new Node.Stop());
        awaitEnd(node);
    }
}
