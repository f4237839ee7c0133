package dev.zooflow.kafka;

import dev.zooflow.message.EventLog;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads partitions, from their beginning or their end, and then live, on a daemon thread of its own, until closed. */
final class Follower implements EventLog.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Handover handover;
    private final Supplier<List<TopicPartition>> partitions;
    private final boolean fromEnd;
    private final Thread thread;
    // Written by the maker before the thread starts, then by the thread.
    private boolean assigned;
    private volatile boolean closed;
    private volatile long behind;

    private Follower(
            Consumer<byte[], byte[]> consumer,
            Supplier<List<TopicPartition>> partitions,
            boolean fromEnd,
            Handover.Handler handler) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.fromEnd = fromEnd;
        this.handover = new Handover(consumer, (record, last) -> handle(handler, record, last), this::isClosed);
        thread = new Thread(this::run, "follow");
        thread.setDaemon(true);
    }

    /** Starts reading; the consumer is the follower's from now on. */
    static Follower fromBeginning(
            Consumer<byte[], byte[]> consumer, Supplier<List<TopicPartition>> partitions, Handover.Handler handler) {
        Follower follower = new Follower(consumer, partitions, false, handler);
        follower.thread.start();
        return follower;
    }

    /**
     * Starts reading what is written from now on, or from when the brokers answer, if they don't now; the consumer is the
     * follower's from now on.
     */
    static Follower fromEnd(
            Consumer<byte[], byte[]> consumer, Supplier<List<TopicPartition>> partitions, Handover.Handler handler) {
        Follower follower = new Follower(consumer, partitions, true, handler);
        try {
            follower.assign();
        } catch (KafkaException e) {
            LOG.warn("brokers don't answer, trying again: {}", e.toString());
        }
        follower.thread.start();
        return follower;
    }

    private void assign() {
        List<TopicPartition> all = partitions.get();
        consumer.assign(all);
        if (fromEnd) {
            // Unlike seekToEnd, which waits for the first poll.
            consumer.endOffsets(all).forEach(consumer::seek);
        } else {
            consumer.seekToBeginning(all);
        }
        assigned = true;
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
            if (!assigned) {
                assign();
            }
            handover.hand(consumer.poll(POLL));
            behind = consumer.assignment().stream()
                    .mapToLong(p -> consumer.currentLag(p).orElse(0))
                    .sum();
        } catch (WakeupException e) {
            // Comes from close() alone, and the loop ends.
            LOG.trace("woken up", e);
        } catch (RuntimeException e) {
            LOG.error("{} can't be read, trying again: {}", consumer.assignment(), e.toString());
            Threads.sleep(PAUSE);
        }
    }

    private boolean isClosed() {
        return closed;
    }

    private static void handle(Handover.Handler handler, ConsumerRecord<byte[], byte[]> record, boolean last) {
        try {
            handler.accept(record, last);
        } catch (PayloadAwayException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("handler of record {}/{}/{} failed", record.topic(), record.partition(), record.offset(), e);
        }
    }

    @Override
    public long behind() {
        return behind;
    }

    /** Returns when the handler will be called no more, or when a blob store keeps it waiting for its answer. */
    @Override
    public void close() {
        closed = true;
        consumer.wakeup();
        if (!Threads.join(thread, FAREWELL)) {
            LOG.warn("a reader ends when its blob store answers");
        }
    }
}
