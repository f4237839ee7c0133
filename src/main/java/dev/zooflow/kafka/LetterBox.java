package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** The dead-letter topics as a person sees them: what could not be processed, why, and a way back once it is mended. */
public final class LetterBox implements AutoCloseable {

    static final String REPLAYED = "zooflow_dlq_replayed";
    private static final String OURS = "zooflow_dlq_";
    static final String BROKERS = "__dlq.errors.";

    /**
     * A dead letter.
     *
     * @param id {@code <topic>/<partition>/<offset>} of the record that could not be processed
     * @param epochMillis when it was put aside
     * @param reason why
     * @param type {@code ce_type} of the message; empty where there is none
     * @param replayed whether it was sent on its way again
     * @param headers of the record, without ours
     * @param body of the record, unless it is one of many
     */
    public record Letter(
            String id,
            long epochMillis,
            String reason,
            String type,
            boolean replayed,
            Map<String, String> headers,
            byte[] body) {}

    private final KafkaSettings settings;
    private final TopicLayout layout;
    private final KafkaClients clients;
    private final Producer<byte[], byte[]> producer;
    private final PlaceReader reader;

    /** Connects lazily. */
    public LetterBox(KafkaSettings settings) {
        this.settings = settings;
        layout = new TopicLayout(settings.prefix());
        clients = new KafkaClients(settings);
        producer = clients.producer();
        reader = new PlaceReader(clients);
    }

    /** All letters without their bodies, oldest first within each topic. */
    public List<Letter> list() {
        Map<String, Letter> letters = new LinkedHashMap<>();
        readAll(record -> {
            Letter letter = letter(record, new byte[0]);
            letters.put(letter.id(), letter);
        });
        return List.copyOf(letters.values());
    }

    /** Hands every letter to the handler, from the first on and then live, on a thread of its own; one that is replayed comes again. */
    public EventLog.Subscription follow(Consumer<Letter> handler) {
        List<TopicPartition> all =
                Arrays.stream(Topic.values()).map(this::place).toList();
        return Follower.fromBeginning(
                clients.consumer(), () -> all, (record, last) -> handler.accept(letter(record, body(record))));
    }

    private TopicPartition place(Topic topic) {
        return new TopicPartition(TopicLayout.deadLetters(layout.name(topic)), 0);
    }

    /** The letter with this id. */
    public Optional<Letter> find(String id) {
        return record(id).map(record -> letter(record, body(record)));
    }

    /** The newest record with this id. */
    private Optional<ConsumerRecord<byte[], byte[]>> record(String id) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        readAll(record -> {
            if (id(record).equals(id)) {
                found.clear();
                found.add(record);
            }
        });
        return found.stream().findFirst();
    }

    private void readAll(Consumer<ConsumerRecord<byte[], byte[]>> handler) {
        try {
            for (Topic topic : Topic.values()) {
                reader.readAll(place(topic), handler);
            }
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return header(record.headers(), DeadLetters.TOPIC, BROKERS + "topic") + "/"
                + header(record.headers(), DeadLetters.PARTITION, BROKERS + "partition") + "/"
                + header(record.headers(), DeadLetters.OFFSET, BROKERS + "offset");
    }

    private static byte[] body(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? new byte[0] : record.value();
    }

    private static Letter letter(ConsumerRecord<byte[], byte[]> record, byte[] body) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            if (!header.key().startsWith(OURS)) {
                headers.put(header.key(), text(header.value()));
            }
        }
        return new Letter(
                id(record),
                record.timestamp(),
                header(record.headers(), DeadLetters.REASON, BROKERS + "message"),
                headers.getOrDefault("ce_type", ""),
                record.headers().lastHeader(REPLAYED) != null,
                headers,
                body);
    }

    private static String header(Headers headers, String name, String otherwise) {
        Header header = headers.lastHeader(name) == null ? headers.lastHeader(otherwise) : headers.lastHeader(name);
        return header == null ? "" : text(header.value());
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * Sends a letter's record on its way again, as it was or with a mended body, and notes that on its topic.
     *
     * @throws UserError when there is no such letter, it is of no topic of ours, or the brokers don't take it
     */
    public void replay(String id, Optional<byte[]> mended) {
        ConsumerRecord<byte[], byte[]> record = record(id)
                .orElseThrow(() ->
                        UserError.usage("dead letter (%s) is unknown. Maybe see `zooflow dlq list`?".formatted(id)));
        TopicPartition place = origin(id);
        List<Header> headers = new ArrayList<>();
        record.headers().forEach(h -> {
            if (!h.key().startsWith(OURS) && !h.key().startsWith(BROKERS)) {
                headers.add(h);
            }
        });
        byte[] key = text(headers, "ce_id").orElse(null);
        send(new ProducerRecord<>(place.topic(), place.partition(), key, mended.orElse(record.value()), headers));
        ProducerRecord<byte[], byte[]> note = new ProducerRecord<>(
                record.topic(), record.partition(), record.key(), record.value(), record.headers());
        note.headers().add(REPLAYED, "true".getBytes(StandardCharsets.UTF_8));
        send(note);
    }

    /** Where a record stood that became a letter; anybody may have written that letter. */
    private TopicPartition origin(String id) {
        String[] parts = id.split("/", -1);
        boolean ours = parts.length == 3
                && Arrays.stream(Topic.values()).map(layout::name).anyMatch(parts[0]::equals)
                && parts[1].matches("\\d{1,6}");
        if (!ours) {
            throw UserError.usage("dead letter (%s) is of none of our topics. Maybe look at it with `zooflow dlq show`?"
                    .formatted(id));
        }
        return new TopicPartition(parts[0], Integer.parseInt(parts[1]));
    }

    private static Optional<byte[]> text(List<Header> headers, String name) {
        return headers.stream()
                .filter(h -> h.key().equals(name))
                .map(Header::value)
                .findFirst();
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> held = new CompletableFuture<>();
        try {
            Records.send(producer, record, held);
            held.orTimeout(KafkaClients.PATIENCE_MS, TimeUnit.MILLISECONDS).join();
        } catch (KafkaException | CompletionException e) {
            throw failed(e);
        }
    }

    private UserError failed(Exception e) {
        return UserError.infrastructure(
                "bootstrap-servers (%s): %s. Maybe the brokers are down?"
                        .formatted(settings.bootstrapServers(), e.getMessage()),
                e);
    }

    @Override
    public void close() {
        reader.close();
        producer.close(Duration.ofMillis(KafkaClients.PATIENCE_MS));
    }
}
