package dev.zooflow.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads what stands in a partition now: one record, or all of them. Consumers are kept for the next reading, because making
 * one takes longer than most readings. Thread-safe.
 */
final class PlaceReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients clients;
    private final Queue<Consumer<byte[], byte[]>> idle = new ConcurrentLinkedQueue<>();
    private final Patience patience = new Patience(this::isClosed);
    private volatile boolean closed;

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
    Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long offset) {
        if (offset < 0) {
            return Optional.empty();
        }
        return use(partition, consumer -> {
            consumer.seek(partition, offset);
            while (true) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    // Another one where the offset is out of range or was compacted away.
                    ConsumerRecord<byte[], byte[]> first = records.iterator().next();
                    return first.offset() == offset ? Optional.of(first) : Optional.empty();
                }
                if (offset >= end(consumer, partition)) {
                    return Optional.empty();
                }
                patience.check(silent(partition));
            }
        });
    }

    /** Hands every record that stands in the partition at the time of the call to the handler, in order. */
    void readAll(TopicPartition partition, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        use(partition, consumer -> {
            consumer.seekToBeginning(List.of(partition));
            long end = end(consumer, partition);
            while (patience.ask(() -> consumer.position(partition)) < end) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                records.forEach(record -> {
                    if (record.offset() < end) {
                        handler.accept(record);
                    }
                });
                patience.check(silent(partition));
            }
            return end;
        });
    }

    private long end(Consumer<byte[], byte[]> consumer, TopicPartition partition) {
        return patience.ask(() -> consumer.endOffsets(List.of(partition))).get(partition);
    }

    private <T> T use(TopicPartition partition, Function<Consumer<byte[], byte[]>, T> reading) {
        Consumer<byte[], byte[]> consumer = Optional.ofNullable(idle.poll()).orElseGet(clients::placeConsumer);
        boolean good = false;
        try {
            consumer.assign(List.of(partition));
            T read = reading.apply(consumer);
            good = true;
            return read;
        } finally {
            if (good && !closed) {
                idle.add(consumer);
            } else {
                consumer.close();
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
        for (Consumer<byte[], byte[]> c = idle.poll(); c != null; c = idle.poll()) {
            c.close();
        }
    }
}
