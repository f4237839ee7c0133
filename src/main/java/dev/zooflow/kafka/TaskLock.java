package dev.zooflow.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One record of a share group at a time, under its acquisition lock. To be used by one thread, but for {@link #wakeUp}.
 *
 * <p>A lock is renewed by acknowledging with RENEW; the next poll then returns the same record again (KIP-1222).
 */
final class TaskLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TaskLock.class);
    private static final Duration PATIENCE = Duration.ofMillis(KafkaClients.PATIENCE_MS);
    // Renewed after a third of the time, so that a renewal may take the other two.
    private static final int RENEWALS_PER_LOCK = 3;

    private final ShareConsumer<byte[], byte[]> consumer;
    private final String queue;
    private final Duration configured;

    /**
     * Subscribes to a queue.
     *
     * @param configured duration of the lock until the broker tells the real one
     */
    TaskLock(ShareConsumer<byte[], byte[]> consumer, String queue, Duration configured) {
        this.consumer = consumer;
        this.queue = queue;
        this.configured = configured;
        consumer.subscribe(List.of(queue));
    }

    String queue() {
        return queue;
    }

    /** The next record, when one comes within the time. */
    Optional<ConsumerRecord<byte[], byte[]>> next(Duration time) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(time)) {
            return Optional.of(record);
        }
        return Optional.empty();
    }

    /** How long to work before the next renewal. */
    Duration untilRenewal() {
        return lock().dividedBy(RENEWALS_PER_LOCK);
    }

    private Duration lock() {
        return consumer.acquisitionLockTimeoutMs().map(Duration::ofMillis).orElse(configured);
    }

    /** Starts the lock anew; false when it is lost, and others may get the record. */
    boolean renew(ConsumerRecord<byte[], byte[]> record) {
        try {
            // Committed before the poll: a poll that has to send the renewal itself goes on fetching behind our back,
            // and would hold the next task while an idle worker could do it.
            settle(record, AcknowledgeType.RENEW);
            if (returned(record)) {
                return true;
            }
            LOG.warn("lock of task {}/{} is lost: the record did not come back", queue, record.offset());
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("lock of task {}/{} is lost: {}", queue, record.offset(), e.toString());
        }
        return false;
    }

    private boolean returned(ConsumerRecord<byte[], byte[]> renewed) {
        boolean found = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(untilRenewal())) {
            if (record.partition() == renewed.partition() && record.offset() == renewed.offset()) {
                found = true;
            } else {
                // Another task, because ours was lost meanwhile: somebody else may do it.
                consumer.acknowledge(record, AcknowledgeType.RELEASE);
            }
        }
        return found;
    }

    /**
     * Ends the lock.
     *
     * @throws KafkaException when the broker didn't take the answer: the record will be delivered again
     */
    void settle(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        try {
            consumer.acknowledge(record, type);
        } catch (IllegalStateException e) {
            throw new InvalidRecordStateException("the lock is lost: " + e.getMessage());
        }
        for (Optional<KafkaException> error : commit().values()) {
            if (error.isPresent()) {
                throw error.get();
            }
        }
    }

    private Map<TopicIdPartition, Optional<KafkaException>> commit() {
        try {
            return consumer.commitSync(PATIENCE);
        } catch (WakeupException e) {
            // The queue is being closed. The acknowledgement was on its way already; this waits for it.
            return consumer.commitSync(PATIENCE);
        }
    }

    /** Ends a waiting {@link #next} of another thread with a {@link WakeupException}. */
    void wakeUp() {
        consumer.wakeup();
    }

    /** Sends what was acknowledged, hands back what was not, and leaves the group. */
    @Override
    public void close() {
        consumer.close();
    }
}
