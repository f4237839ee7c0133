package dev.zooflow.actor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.EmbeddedBroker;
import dev.zooflow.kafka.KafkaEventLog;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.Topics;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Message;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.CoordinatorStarted;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.TaskEvent.TaskQueued;
import dev.zooflow.message.Topic;
import dev.zooflow.tensor.ComputeDevice;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A sweep of 1,000 trials in which nothing is done, over the real broker: what is left is the coordinator. */
class ManyTrialsIT {

    // At the level that tests show.
    private static final Logger LOG = LoggerFactory.getLogger(ManyTrialsIT.class);

    private static final RunId RUN = new RunId("many");
    private static final int TRIALS = 1000;
    private static final double MOST_MILLIS_PER_TRIAL = 5;
    private static final double MOST_SECONDS_TO_REBUILD = 10;
    private static final int PATIENCE_SECONDS = 900;

    private static final String EXPERIMENT = """
            name = many
            task { kind = two-moons, examples = 100 }
            network { hidden = [2] }
            zoo { training-trajectories = 3, held-out-trajectories = 2, trajectories-per-task = 5 }
            sweep { method = random, run-cap = %d, early-terminate.type = asha, parameters.flow.sigma { min = 0.0, max = 1.0, distribution = uniform } }
            """.formatted(TRIALS);

    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private KafkaEventLog log;
    private Codec codec;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(directory.resolve("kafka"));
        KafkaSettings settings = new KafkaSettings(
                broker.bootstrapServers(), "zooflow", Duration.ofSeconds(30), 1 << 19, 1 << 27, 3, Map.of());
        Topics.prepare(settings);
        FileBlobStore blobs = new FileBlobStore(directory.resolve("blobs"));
        log = new KafkaEventLog(settings, blobs);
        codec = new Codec(blobs, 1 << 19, 1 << 27, "/test");
    }

    @AfterEach
    void close() {
        log.close();
        broker.close();
    }

    @Test
    void aTrialCostsTheCoordinatorFiveMillisecondsAtMostAndARestartTenSeconds() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch nearlyAll = new CountDownLatch(1);
        CompletableFuture<Long> second = new CompletableFuture<>();
        CompletableFuture<Long> decided = new CompletableFuture<>();
        AtomicInteger evaluated = new AtomicInteger();
        Subscription worker = log.follow(RUN, Set.of(Topic.RUNS), recorded -> {
            Event event = recorded.event();
            // The last tenth is done by nobody until there is another coordinator.
            if (event instanceof TaskQueued task && (evaluated.get() < 0.9 * TRIALS || second.isDone())) {
                work(task);
                if (second.isDone()) {
                    decided.complete(System.nanoTime());
                }
                evaluated.addAndGet(task.task().startsWith("evaluate/") ? 1 : 0);
            } else if (event instanceof TaskQueued) {
                nearlyAll.countDown();
            } else if (event instanceof CoordinatorStarted c && c.epoch() == 2) {
                second.complete(System.nanoTime());
                missing(log).forEach(ManyTrialsIT.this::work);
            } else if (event instanceof RunCompleted) {
                end.countDown();
            }
        });
        long begin = System.nanoTime();
        ActorSystem<Node.Command> first = coordinator("first");
        log.publish(new RunEvent.RunSubmitted(RUN, ExperimentFile.render(ExperimentFile.parse(EXPERIMENT)), Map.of()))
                .toCompletableFuture()
                .join();
        assertThat(nearlyAll.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        double seconds = (System.nanoTime() - begin) / 1e9;
        stop(first);

        long restart = System.nanoTime();
        ActorSystem<Node.Command> next = coordinator("second");
        double rebuilt = (decided.get(PATIENCE_SECONDS, TimeUnit.SECONDS) - restart) / 1e9;
        assertThat(end.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        stop(next);
        worker.close();

        double millis = overhead() / TRIALS;
        String figures =
                "%.2f ms of the coordinator per trial, %.1f ms from queue to score with the brokers, a restart to its first decision %.1f s"
                        .formatted(millis, 1e3 * seconds / (0.9 * TRIALS), rebuilt);
        LOG.error(figures);
        assertThat(millis).as(figures).isLessThan(MOST_MILLIS_PER_TRIAL);
        assertThat(rebuilt).as(figures).isLessThan(MOST_SECONDS_TO_REBUILD);
    }

    private ActorSystem<Node.Command> coordinator(String name) {
        Node.Settings settings = new Node.Settings(
                log,
                List.of(Coordinator.create(log, new Coordinator.Settings(RUN, name, ActorRig.BACKOFF))),
                List.of(),
                new CompletableFuture<>());
        return ActorSystem.create(Node.create(settings), name, Dispatchers.config(List.of(ComputeDevice.CPU)));
    }

    private static void stop(ActorSystem<Node.Command> system) throws Exception {
        system.tell(new Node.Stop());
        system.getWhenTerminated().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    /** Tasks that were queued and not done. */
    private static List<TaskQueued> missing(KafkaEventLog log) {
        Map<String, TaskQueued> queued = new TreeMap<>();
        log.replay(RUN, Topic.RUNS, recorded -> {
            if (recorded.event() instanceof TaskQueued q) {
                queued.put(q.task(), q);
            } else if (recorded.event() instanceof TaskEvent.TaskCompleted c) {
                queued.remove(c.task());
            }
        });
        return List.copyOf(queued.values());
    }

    /** Publishes what a worker would. */
    private void work(TaskQueued task) {
        String[] id = task.task().split("/", -1);
        log.publish(new TaskEvent.TaskStarted(RUN, task.task(), task.role(), 1, "w"));
        result(id).ifPresent(log::publish);
        log.publish(new TaskEvent.TaskCompleted(RUN, task.task(), task.role(), 1, "w", 0));
    }

    private static Optional<Event> result(String[] id) {
        return switch (id[0]) {
            case "train" -> Optional.of(in(SampleRun.checkpoint(id[1], 0, true)));
            case "sample" -> Optional.of(in(SampleRun.generated(SampleRun.checkpoint(id[1], 0, true), "")));
            case "evaluate" -> id.length == 3 ? Optional.of(score(id[1])) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Event in(Event event) {
        if (event instanceof Event.FlowCheckpoint c) {
            return new Event.FlowCheckpoint(
                    RUN, c.flow(), c.index(), c.step(), c.seconds(), c.last(), c.loss(), c.model());
        }
        Event.GeneratedNetworks g = (Event.GeneratedNetworks) event;
        return new Event.GeneratedNetworks(
                RUN, g.flow(), g.variant(), g.checkpoint(), g.step(), g.seconds(), g.last(), 0, g.networks());
    }

    private static Event score(String flow) {
        return new Event.Score(
                RUN,
                "generated/" + flow,
                0,
                1,
                1,
                true,
                1,
                Map.of("validation_novel_performant_075", (double) flow.hashCode() / Integer.MAX_VALUE),
                Map.of());
    }

    /** Milliseconds of processor that a coordinator takes for this log: it folds, plans and encodes after each event. */
    private double overhead() throws Exception {
        List<Recorded> events = new ArrayList<>();
        for (Topic topic : Coordinator.TOPICS) {
            log.replay(RUN, topic, events::add);
        }
        // In the order in which they were published; a kind sort keeps that of each topic.
        events.sort(Comparator.comparingLong(Recorded::epochMillis));
        long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        RunState state = RunState.empty(RUN);
        for (Recorded recorded : events) {
            state = state.with(recorded);
            Planner.Plan plan = Planner.plan(state, Subjects.flow(recorded.event()));
            List<Message> out = new ArrayList<>(plan.decisions());
            out.addAll(plan.tasks());
            for (Message message : out) {
                assertThat(codec.encode(message)).isNotNull();
                state = message instanceof Event e ? state.with(e) : state.withQueued(message.id());
            }
        }
        assertThat(state.over()).isPresent();
        return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin) / 1e6;
    }
}
