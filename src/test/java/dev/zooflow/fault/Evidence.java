package dev.zooflow.fault;

import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.Event;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.MalformedMessageException;
import dev.zooflow.message.Message;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What the topics say of a run, read with a plain consumer from their first record to their last.
 *
 * @param run whose records count
 * @param messages by topic, in the order of the log
 * @param times of the messages, each of which is an object of its own, in milliseconds
 */
record Evidence(RunId run, Map<Topic, List<Message>> messages, IdentityHashMap<Message, Long> times) {

    private static final Duration POLL = Duration.ofMillis(200);

    static Evidence read(KafkaSettings settings, Path blobs, RunId run) {
        Map<Topic, List<Message>> messages = new HashMap<>();
        IdentityHashMap<Message, Long> times = new IdentityHashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(settings)) {
            for (Topic topic : Topic.values()) {
                List<Message> found = new ArrayList<>();
                readAll(
                        consumer,
                        topic.name(settings.prefix()),
                        record -> message(record, blobs, run).ifPresent(message -> {
                            found.add(message);
                            times.put(message, record.timestamp());
                        }));
                messages.put(topic, found);
            }
        }
        return new Evidence(run, messages, times);
    }

    static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings settings) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", settings.bootstrapServers(), "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    /** Assigns all partitions of topics, from their first record on. */
    static List<TopicPartition> assign(KafkaConsumer<byte[], byte[]> consumer, List<String> topics) {
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return partitions;
    }

    /** Hands every record that stands on a topic now to the handler. */
    static void readAll(
            KafkaConsumer<byte[], byte[]> consumer, String topic, Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        List<TopicPartition> partitions = assign(consumer, List.of(topic));
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(handler);
        }
    }

    /** The message in a record of a run; empty for records of others and for poison. */
    static Optional<Message> message(ConsumerRecord<byte[], byte[]> record, Path blobs, RunId run) {
        if (record.key() == null || record.value() == null) {
            return Optional.empty();
        }
        Envelope envelope = envelope(record);
        if (!envelope.key().startsWith(Codec.keyPrefix(run))) {
            return Optional.empty();
        }
        try {
            Codec codec = new Codec(new FileBlobStore(blobs), 0, 128 << 20, "test");
            return Optional.of(codec.decode(envelope));
        } catch (MalformedMessageException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A record with key and value as an envelope. */
    static Envelope envelope(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers().forEach(h -> headers.put(h.key(), new String(h.value(), StandardCharsets.UTF_8)));
        return new Envelope(new String(record.key(), StandardCharsets.UTF_8), headers, record.value());
    }

    /** Events of a type in the order of time, the first copy of each. */
    <E extends Event> List<E> once(Class<E> type) {
        Set<String> seen = new HashSet<>();
        return of(type).sorted(Comparator.comparing(times::get))
                .filter(event -> seen.add(event.id()))
                .toList();
    }

    /** Messages of a type in the order of their topic. */
    <M extends Message> Stream<M> of(Class<M> type) {
        return messages.values().stream()
                .flatMap(List::stream)
                .filter(type::isInstance)
                .map(type::cast);
    }
}
