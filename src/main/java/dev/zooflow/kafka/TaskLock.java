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

    /** What is known of a lock after a renewal. */
    enum Renewal {
        /** It is ours. */
        HELD,
        /** Nobody knows, because the brokers don't answer as they should; they may give us the record again. */
        UNKNOWN,
        /** It is lost, and others may get the record. */
        LOST
    }

    /** Starts the lock anew, or takes it again when the brokers come back after they were away. */
    Renewal renew(ConsumerRecord<byte[], byte[]> record) {
        Renewal otherwise = Renewal.UNKNOWN;
        String reason = "the record did not come back";
        try {
            // Committed before the poll: a poll that has to send the renewal itself goes on fetching behind our back,
            // and would hold the next task while an idle worker could do it.
            acknowledge(record, AcknowledgeType.RENEW);
        } catch (IllegalStateException e) {
            // The record is in nobody's hands since an earlier renewal was not answered.
            LOG.debug("lock of task {}/{} is still unknown", queue, record.offset(), e);
            return returned(record, Renewal.UNKNOWN);
        } catch (WakeupException e) {
            throw e;
        } catch (InvalidRecordStateException e) {
            otherwise = Renewal.LOST;
            reason = e.toString();
        } catch (KafkaException e) {
            // A broker that dies says many things.
            reason = e.toString();
        }
        Renewal found = returned(record, otherwise);
        if (found != Renewal.HELD) {
            LOG.warn("lock of task {}/{} is {}: {}", queue, record.offset(), found, reason);
        }
        return found;
    }

    private Renewal returned(ConsumerRecord<byte[], byte[]> renewed, Renewal otherwise) {
        Renewal found = otherwise;
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(untilRenewal())) {
                if (record.partition() == renewed.partition() && record.offset() == renewed.offset()) {
                    found = Renewal.HELD;
                } else {
                    // Another task, because ours was lost meanwhile: somebody else may do it.
                    consumer.acknowledge(record, AcknowledgeType.RELEASE);
                    found = Renewal.LOST;
                }
            }
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn("queue {} can't be read: {}", queue, e.toString());
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
            acknowledge(record, type);
        } catch (IllegalStateException e) {
            throw new InvalidRecordStateException("the lock is lost: " + e.getMessage());
        }
    }

    private void acknowledge(ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
        consumer.acknowledge(record, type);
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
