package dev.zooflow.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what was polled to a handler, in the order of each partition. A record whose payload is in a blob store that doesn't
 * answer comes again with the next poll, and so does what stands behind it, for {@value #PATIENCE_SECONDS} s. For the thread
 * that polls.
 */
final class Handover {

    /** Takes records. */
    interface Handler {

        /**
         * Takes one.
         *
         * @param last whether it will not come again
         * @throws PayloadAwayException when it can't be had now, unless it is the last time
         */
        void accept(ConsumerRecord<byte[], byte[]> record, boolean last);
    }

    static final int PATIENCE_SECONDS = 300;

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Handler handler;
    private final BooleanSupplier closed;
    /** Since when the next record of a partition can't be had, in the time of {@link System#nanoTime}. */
    private final Map<TopicPartition, Long> away = new HashMap<>();

    Handover(Consumer<byte[], byte[]> consumer, Handler handler, BooleanSupplier closed) {
        this.consumer = consumer;
        this.handler = handler;
        this.closed = closed;
    }

    /** Hands them over, until it is closed. */
    void hand(ConsumerRecords<byte[], byte[]> records) {
        boolean all = true;
        for (TopicPartition place : records.partitions()) {
            all &= hand(place, records.records(place));
        }
        if (!all && !closed.getAsBoolean()) {
            Threads.sleep(PAUSE);
        }
    }

    private boolean hand(TopicPartition place, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (closed.getAsBoolean()) {
                return true;
            }
            try {
                handler.accept(record, hasWaited(place));
                away.remove(place);
            } catch (PayloadAwayException e) {
                if (away.putIfAbsent(place, System.nanoTime()) == null) {
                    LOG.warn("{}/{} waits: {}", place, record.offset(), e.getMessage());
                }
                consumer.seek(place, record.offset());
                return false;
            }
        }
        return true;
    }

    private boolean hasWaited(TopicPartition place) {
        Long since = away.get(place);
        return since != null
                && System.nanoTime() - since
                        > Duration.ofSeconds(PATIENCE_SECONDS).toNanos();
    }
}
