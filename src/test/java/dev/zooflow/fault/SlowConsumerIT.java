package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.Cluster;
import dev.zooflow.kafka.KafkaEventLog;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.KafkaWorkQueue;
import dev.zooflow.kafka.Topics;
import dev.zooflow.message.EventLog.Subscription;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A consumer that takes a hundred times as long for a task as the producer. */
@Tag("faults")
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SlowConsumerIT {

    // At the level that tests show.
    private static final Logger LOG = LoggerFactory.getLogger(SlowConsumerIT.class);

    private static final int TASKS = 1000;
    private static final int TASK_BYTES = 200_000;
    private static final int TIMES = 100;
    private static final long BOUND = 64L << 20;

    @TempDir
    private Path dir;

    @Test
    void itsHeapStaysBoundedAndItsLagIsSeen() throws Exception {
        try (Fleet fleet = Fleet.start(dir, "zooflow { kafka.lock-duration = 30 s }");
                KafkaEventLog log = log(fleet);
                KafkaWorkQueue queue = new KafkaWorkQueue(fleet.kafka(), new FileBlobStore(fleet.blobs()));
                Cluster cluster = new Cluster(fleet.kafka())) {
            AtomicInteger taken = new AtomicInteger();
            long[] millis = {Long.MAX_VALUE / TIMES};
            long before = heap();
            long peak = before;
            long start = System.nanoTime();
            try (Subscription consumer = queue.consume(Role.TRAINER, delivery -> {
                taken.incrementAndGet();
                Fleet.sleep(Duration.ofMillis(Math.min(TIMES * millis[0], 500)));
                delivery.accept();
            })) {
                for (int i = 0; i < TASKS; i++) {
                    publish(log, i);
                    if (i % 100 == 99) {
                        peak = Math.max(peak, heap());
                    }
                    millis[0] = Math.max(1, (System.nanoTime() - start) / 1_000_000 / (i + 1));
                }
                log.publish(task(TASKS)).toCompletableFuture().get(5, TimeUnit.MINUTES);
                Fleet.await("a task", () -> taken.get() > 1);
                // Brokers tell of what was accepted a moment later.
                long most = TASKS + 1 - taken.get() + 2;
                Fleet.await("the lag", () -> cluster.lag().get(Role.TRAINER) <= most);
                long lag = cluster.lag().get(Role.TRAINER);
                LOG.error(
                        "{} MB in {} tasks, {} of them waited at the end; the heap grew by {} MiB at most",
                        (long) TASKS * TASK_BYTES / 1_000_000,
                        TASKS,
                        lag,
                        (peak - before) >> 20);
                assertThat(lag).isGreaterThan(TASKS / 2);
                assertThat(peak - before)
                        .as("growth of the heap, of %d bytes sent", TASKS * TASK_BYTES)
                        .isLessThan(BOUND);
                assertThat(consumer).isNotNull();
            }
        }
    }

    private static KafkaEventLog log(Fleet fleet) {
        KafkaSettings settings = fleet.kafka();
        // As the worker does that this is.
        Topics.prepare(settings);
        return new KafkaEventLog(settings, new FileBlobStore(fleet.blobs()));
    }

    private static void publish(KafkaEventLog log, int i) {
        while (log.offer(task(i)).isEmpty()) {
            Fleet.sleep(Duration.ofMillis(1));
        }
    }

    private static Task task(int i) {
        return new Task.TrainFlow(new RunId("slow"), "#".repeat(TASK_BYTES), "f" + i);
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
