package dev.zooflow.kafka;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventLog.Share;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a consumer group that divides the partitions of a topic, and so the runs in them: each is read from its
 * beginning whenever it falls to this member. On a daemon thread of its own, until closed.
 */
final class SharedRuns implements EventLog.Subscription, ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(SharedRuns.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Handover handover;
    private final Share share;
    private final ToIntFunction<RunId> partition;
    private final Set<TopicPartition> fresh = new HashSet<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Joins the group.
     *
     * @param consumer of the group; this object's from now on
     * @param handler of records; the rest goes to {@code share}
     * @param partition of a run
     */
    SharedRuns(
            Consumer<byte[], byte[]> consumer,
            String topic,
            Handover.Handler handler,
            Share share,
            ToIntFunction<RunId> partition) {
        this.consumer = consumer;
        this.handover = new Handover(consumer, handler, this::isClosed);
        this.share = share;
        this.partition = partition;
        consumer.subscribe(List.of(topic), this);
        thread = new Thread(this::run, "share-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    private boolean isClosed() {
        return closed;
    }

    private void run() {
        try (consumer) {
            while (!closed && !Thread.currentThread().isInterrupted()) {
                poll();
            }
        } catch (KafkaException e) {
            LOG.warn("closing a consumer: {}", e.toString());
        }
    }

    private void poll() {
        try {
            handover.hand(consumer.poll(POLL));
            catchUp();
        } catch (WakeupException e) {
            // Comes from close() alone, and the loop ends.
            LOG.trace("woken up", e);
        } catch (KafkaException e) {
            LOG.error("runs can't be read, trying again: {}", e.toString());
            Threads.sleep(PAUSE);
        }
    }

    private void catchUp() {
        if (!fresh.isEmpty()) {
            ends.putAll(consumer.endOffsets(fresh));
            fresh.clear();
        }
        if (!ends.isEmpty()) {
            ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            if (ends.isEmpty()) {
                share.current(true);
            }
        }
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        if (!partitions.isEmpty()) {
            share.current(false);
            consumer.seekToBeginning(partitions);
            // Their ends are asked for later, because what fails here is never asked for again.
            fresh.addAll(partitions);
        }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        Set<Integer> gone = new HashSet<>();
        partitions.forEach(p -> gone.add(p.partition()));
        partitions.forEach(ends::remove);
        partitions.forEach(fresh::remove);
        share.withdraw(run -> gone.contains(partition.applyAsInt(run)));
    }

    /** Leaves the group; returns when the share will be told no more, or when a blob store keeps it waiting for its answer. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        if (!Threads.join(thread, FAREWELL)) {
            LOG.warn("a reader of runs ends when its blob store answers");
        }
    }
}
