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
    private final Patience patience = new Patience(this::isClosed);
    private volatile boolean closed;
    private @Nullable Consumer<byte[], byte[]> single;

    PlaceReader(KafkaClients clients) {
        this.clients = clients;
    }

    private boolean isClosed() {
        return closed;
    }

    /** Asks the brokers until they answer or this is closed. */
    Patience patience() {
        return patience;
    }

    /** The record at an offset; empty when it no longer stands there, or not yet. */
    synchronized Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long offset) {
        if (single == null) {
            single = clients.consumer();
        }
        Consumer<byte[], byte[]> consumer = single;
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        if (offset < patience.ask(() -> consumer.beginningOffsets(one)).get(partition)
                || offset >= patience.ask(() -> consumer.endOffsets(one)).get(partition)) {
            return Optional.empty();
        }
        consumer.seek(partition, offset);
        while (patience.ask(() -> consumer.position(partition)) <= offset) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                ConsumerRecord<byte[], byte[]> first = records.iterator().next();
                return first.offset() == offset ? Optional.of(first) : Optional.empty();
            }
            patience.check(silent(partition));
        }
        return Optional.empty();
    }

    /** Hands every record that stands in the partition at the time of the call to the handler, in order. */
    void readAll(TopicPartition partition, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        try (Consumer<byte[], byte[]> consumer = clients.consumer()) {
            List<TopicPartition> one = List.of(partition);
            consumer.assign(one);
            consumer.seekToBeginning(one);
            long end = patience.ask(() -> consumer.endOffsets(one)).get(partition);
            while (patience.ask(() -> consumer.position(partition)) < end) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(record -> {
                    if (record.offset() < end) {
                        handler.accept(record);
                    }
                });
                patience.check(silent(partition));
            }
        }
    }

    private static TimeoutException silent(TopicPartition partition) {
        return new TimeoutException("no answer from the leader of " + partition);
    }

    /** Ends what is being read. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (single != null) {
                single.close();
                single = null;
            }
        }
    }
}
