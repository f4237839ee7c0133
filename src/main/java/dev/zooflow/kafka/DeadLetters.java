package dev.zooflow.kafka;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts records that can't be processed on the dead-letter topic of their topic: the record as it was, with headers that
 * say why and where it stood. Each is reported once by a process. Thread-safe.
 */
final class DeadLetters {

    static final String REASON = "zooflow_dlq_reason";
    static final String TOPIC = "zooflow_dlq_topic";
    static final String PARTITION = "zooflow_dlq_partition";
    static final String OFFSET = "zooflow_dlq_offset";

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int REMEMBERED = 10_000;

    private final Producer<byte[], byte[]> producer;
    private final Set<String> reported = Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    }));

    DeadLetters(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Warns and publishes, unless this very record was reported before; waits until the brokers hold the letter.
     *
     * @return false when the letter could not be published
     */
    boolean report(ConsumerRecord<byte[], byte[]> record, String reason) {
        String place = "%s/%d/%d".formatted(record.topic(), record.partition(), record.offset());
        if (!reported.add(place)) {
            return true;
        }
        LOG.warn("record {} goes to {}: {}", place, TopicLayout.deadLetters(record.topic()), reason);
        CompletableFuture<RecordMetadata> held = new CompletableFuture<>();
        try {
            Records.send(producer, letter(record, reason, place), held);
            held.orTimeout(KafkaClients.PATIENCE_MS, TimeUnit.MILLISECONDS).join();
            return true;
        } catch (KafkaException | CompletionException e) {
            LOG.warn("record {} could not be put on its dead-letter topic: {}", place, e.toString());
            reported.remove(place);
            return false;
        }
    }

    private static ProducerRecord<byte[], byte[]> letter(
            ConsumerRecord<byte[], byte[]> record, String reason, String place) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                TopicLayout.deadLetters(record.topic()), place.getBytes(StandardCharsets.UTF_8), record.value());
        record.headers().forEach(letter.headers()::add);
        letter.headers()
                .add(REASON, reason.getBytes(StandardCharsets.UTF_8))
                .add(TOPIC, record.topic().getBytes(StandardCharsets.UTF_8))
                .add(PARTITION, String.valueOf(record.partition()).getBytes(StandardCharsets.UTF_8))
                .add(OFFSET, String.valueOf(record.offset()).getBytes(StandardCharsets.UTF_8));
        return letter;
    }
}
