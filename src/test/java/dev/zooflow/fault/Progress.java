package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.actor.RunLife;
import dev.zooflow.actor.TaskBook;
import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Event;
import dev.zooflow.message.Message;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.CoordinatorStarted;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Where a run stands while it goes on, as its events say. For one thread. */
public final class Progress implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Path blobs;
    private final RunId run;
    private final Set<String> trained = new HashSet<>();
    private final Set<String> successors = new HashSet<>();
    private final Map<String, String> workers = new HashMap<>();
    private final Map<String, Long> trainedBy = new HashMap<>();
    private RunLife life = RunLife.NONE;
    private TaskBook tasks = TaskBook.EMPTY;

    Progress(KafkaSettings settings, Path blobs, RunId run) {
        this.consumer = Evidence.consumer(settings);
        this.blobs = blobs;
        this.run = run;
        Evidence.assign(consumer, List.of(Topic.RUNS.name(settings.prefix()), Topic.METRICS.name(settings.prefix())));
    }

    private void look() {
        consumer.poll(POLL)
                .forEach(record -> Evidence.message(record, blobs, run).ifPresent(this::add));
    }

    private void add(Message message) {
        if (message instanceof RunEvent e) {
            life = life.with(e);
        } else if (message instanceof TaskEvent e) {
            tasks = tasks.with(e);
            if (e instanceof TaskEvent.TaskStarted started) {
                workers.put(started.task(), started.worker());
            }
        } else if (message instanceof Event.MetricPoint point && point.stage().startsWith("flow/")) {
            trained.add(point.id());
            trainedBy.merge(workers.getOrDefault(point.stage().replace("flow/", "train/"), ""), 1L, Long::sum);
            if (point.attempt() > 1) {
                successors.add(point.stage() + "/" + point.attempt());
            }
        }
    }

    /** Number of tasks that are done. */
    public int completed() {
        look();
        return tasks.completed().size();
    }

    /** Number of points of training curves, which come while something is trained. */
    public int trained() {
        look();
        return trained.size();
    }

    /** Number of points of the curves of what a worker trains. */
    long trainedBy(Member worker) {
        look();
        return trainedBy.entrySet().stream()
                .filter(e -> worker.isCalled(e.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** The coordinator in charge. */
    Optional<CoordinatorStarted> reign() {
        look();
        return life.reign();
    }

    /** Number of attempts that went on with a training that another one had begun. */
    int successors() {
        look();
        return successors.size();
    }

    /** Whether the run is over. */
    public boolean over() {
        look();
        return life.over().isPresent();
    }

    /** Waits until a condition of this run holds, which must come before its end. */
    public void await(String what, BooleanSupplier condition) {
        Fleet.await(what, () -> {
            boolean over = over();
            boolean holds = condition.getAsBoolean();
            assertThat(over && !holds).as("the run ended before: %s", what).isFalse();
            return holds;
        });
    }

    /** Waits for the end of the run. */
    public void awaitEnd(Duration most) {
        Fleet.await("the end of " + run, most, this::over);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
