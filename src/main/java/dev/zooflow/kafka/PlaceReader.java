package dev.zooflow.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Reads what stands in a partition now: one record, or all of them. Thread-safe. */
final class PlaceReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients clients;
    private @Nullable Consumer<byte[], byte[]> single;

    PlaceReader(KafkaClients clients) {
        this.clients = clients;
    }

    /** The record at an offset; empty when it no longer stands there, or not yet. */
    synchronized Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long offset) {
        if (single == null) {
            single = clients.consumer();
        }
        Consumer<byte[], byte[]> consumer = single;
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        if (offset < consumer.beginningOffsets(one).get(partition)
                || offset >= consumer.endOffsets(one).get(partition)) {
            return Optional.empty();
        }
        consumer.seek(partition, offset);
        Patience patience = new Patience();
        while (consumer.position(partition) <= offset) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                ConsumerRecord<byte[], byte[]> first = records.iterator().next();
                return first.offset() == offset ? Optional.of(first) : Optional.empty();
            }
            patience.check(partition);
        }
        return Optional.empty();
    }

    /** Hands every record that stands in the partition at the time of the call to the handler, in order. */
    void readAll(TopicPartition partition, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        try (Consumer<byte[], byte[]> consumer = clients.consumer()) {
            List<TopicPartition> one = List.of(partition);
            consumer.assign(one);
            consumer.seekToBeginning(one);
            long end = consumer.endOffsets(one).get(partition);
            Patience patience = new Patience();
            while (consumer.position(partition) < end) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(record -> {
                    if (record.offset() < end) {
                        handler.accept(record);
                    }
                });
                if (records.isEmpty()) {
                    patience.check(partition);
                } else {
                    patience = new Patience();
                }
            }
        }
    }

    @Override
    public synchronized void close() {
        if (single != null) {
            single.close();
            single = null;
        }
    }

    /** Waits for a while and no longer. */
    private static final class Patience {
        private final long deadline = System.nanoTime() + KafkaClients.PATIENCE_MS * 1_000_000L;

        void check(TopicPartition partition) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("no answer from the leader of " + partition);
            }
        }
    }
}
