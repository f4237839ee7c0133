package dev.zooflow.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Puts poison on topics and reads what became of it, for tests. */
final class DeadLetterBox {

    private final KafkaSettings settings;

    DeadLetterBox(KafkaSettings settings) {
        this.settings = settings;
    }

    /** A record as somebody else might write it. */
    void poison(TopicPartition place, @Nullable String key, Map<String, String> headers, String body) throws Exception {
        byte[] bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                place.topic(), place.partition(), bytes, body.getBytes(StandardCharsets.ISO_8859_1));
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try (Producer<byte[], byte[]> producer = new KafkaClients(settings).producer()) {
            producer.send(record).get(20, TimeUnit.SECONDS);
        }
    }

    /** Why each dead letter of a topic is there; {@code unknown} for one that we didn't write. */
    List<String> reasons(String topic) {
        List<String> reasons = new ArrayList<>();
        TopicPartition letters = new TopicPartition(TopicLayout.deadLetters(topic), 0);
        new PlaceReader(new KafkaClients(settings)).readAll(letters, record -> reasons.add(reason(record)));
        return reasons;
    }

    private static String reason(ConsumerRecord<byte[], byte[]> record) {
        var header = record.headers().lastHeader(DeadLetters.REASON);
        return header == null ? "unknown" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
