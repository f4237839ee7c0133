package dev.zooflow.fault;

import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.Topics;
import dev.zooflow.message.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The records of all topics written again under another prefix of the same brokers, each of them twice, in an order that has
 * nothing to do with that of their publication: copies come before originals, ends before beginnings.
 *
 * <p>What a report says depends on no order but for one thing: of two records that tell the same fact differently — results
 * of two attempts at a task, or one message id with two contents — the first in the log counts. Kafka keeps the order of a
 * partition, so the first of each fact stays the first of that fact; all else is permuted, within partitions too.
 */
final class Shuffle {

    private static final int MOST_BYTES = 4 << 20;

    private Shuffle() {}

    /** Copies all that stands on the topics now; returns how many records were written. */
    static int copy(KafkaSettings from, KafkaSettings to, Random random) {
        Topics.prepare(to);
        int written = 0;
        for (Topic topic : Topic.values()) {
            List<ConsumerRecord<byte[], byte[]>> records = read(from, topic);
            List<ConsumerRecord<byte[], byte[]>> shuffled = shuffled(records, random);
            write(to, topic, shuffled);
            written += shuffled.size();
        }
        return written;
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(KafkaSettings from, Topic topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = Evidence.consumer(from)) {
            Evidence.readAll(consumer, topic.name(from.prefix()), records::add);
        }
        return records;
    }

    /** Each twice, in any order that leaves the first record of each fact its first. */
    private static List<ConsumerRecord<byte[], byte[]>> shuffled(
            List<ConsumerRecord<byte[], byte[]>> records, Random random) {
        Map<String, ConsumerRecord<byte[], byte[]>> first = new HashMap<>();
        records.forEach(record -> first.putIfAbsent(fact(record), record));
        List<ConsumerRecord<byte[], byte[]>> twice = new ArrayList<>(records);
        twice.addAll(records);
        Collections.shuffle(twice, random);
        Map<String, Integer> begins = new HashMap<>();
        for (int i = 0; i < twice.size(); i++) {
            String fact = fact(twice.get(i));
            begins.putIfAbsent(fact, i);
            if (twice.get(i) == first.get(fact)) {
                Collections.swap(twice, begins.get(fact), i);
            }
        }
        return twice;
    }

    /** What a record tells: a message, or that a task is done, whichever attempt did it. */
    private static String fact(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8).replaceFirst("/completed/\\d+$", "/completed");
    }

    private static void write(KafkaSettings to, Topic topic, List<ConsumerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", to.bootstrapServers(), "max.request.size", MOST_BYTES, "acks", "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                sent.add(producer.send(new ProducerRecord<>(
                        topic.name(to.prefix()),
                        record.partition(),
                        record.timestamp(),
                        record.key(),
                        record.value(),
                        record.headers())));
            }
            for (Future<RecordMetadata> place : sent) {
                place.get();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
