package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes Kafka's clients from {@link KafkaSettings}: the user's client settings first, then what we rely on. */
final class KafkaClients {

    /** How long anything waits for brokers that don't answer, in milliseconds. */
    static final int PATIENCE_MS = 10_000;

    /** How much waits for brokers that are away before whoever makes more waits too. */
    static final long SPOOL_BYTES = 32L << 20;

    // What was given to a producer waits so long for brokers that are away.
    private static final int DELIVERY_MS = 1_800_000;
    // The least that brokers allow unless told otherwise.
    private static final int SESSION_MS = 6_000;
    // Kafka's own defaults, which must be longer than the lock: between renewals nobody polls.
    private static final int POLL_INTERVAL_MS = 300_000;
    private static final int IDLE_MS = 540_000;
    // Reading a place, these are fetched beyond it in vain, and waited for where nothing follows.
    private static final int PLACE_BYTES = 512 << 10;
    private static final int PLACE_WAIT_MS = 5;

    private final KafkaSettings settings;

    KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    Admin admin() {
        return create(
                Map.of(
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        PATIENCE_MS / 2,
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                        PATIENCE_MS),
                Admin::create);
    }

    /**
     * Idempotent: what is sent once stands once, and in order, whatever is retried underneath. One request at a time: of several
     * to a partition that is not ready yet the second may be taken before the first, which is then refused for ever.
     */
    Producer<byte[], byte[]> producer() {
        return create(
                Map.of(
                        ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                        true,
                        ProducerConfig.ACKS_CONFIG,
                        "all",
                        ProducerConfig.LINGER_MS_CONFIG,
                        0,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        PATIENCE_MS,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        PATIENCE_MS,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        DELIVERY_MS,
                        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
                        1,
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        SPOOL_BYTES,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        TopicLayout.MAX_LETTER_BYTES),
                config -> new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()));
    }

    /** For partitions assigned by hand, read from where the caller says. */
    Consumer<byte[], byte[]> consumer() {
        return consumer(Map.of());
    }

    /** For single records here and there: what it fetches ahead is thrown away, so it is little, and nobody waits for it. */
    Consumer<byte[], byte[]> placeConsumer() {
        return consumer(Map.of(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                PLACE_BYTES,
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG,
                PLACE_WAIT_MS));
    }

    /** A member of a group that keeps no offsets; others take its part within seconds when it is gone. */
    Consumer<byte[], byte[]> groupConsumer(String group) {
        return consumer(Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                group,
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                SESSION_MS,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                SESSION_MS / 4));
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> more) {
        Map<String, Object> own = new HashMap<>(more);
        own.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        own.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        own.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        own.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, PATIENCE_MS);
        return create(
                own, config -> new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    /** One record at a time, acknowledged explicitly. */
    ShareConsumer<byte[], byte[]> shareConsumer(String group) {
        int lock = Math.toIntExact(settings.lockDuration().toMillis());
        return create(
                Map.of(
                        ConsumerConfig.GROUP_ID_CONFIG,
                        group,
                        ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
                        "explicit",
                        ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
                        "record_limit",
                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                        1,
                        ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                        Math.max(POLL_INTERVAL_MS, lock),
                        ConsumerConfig.CONNECTIONS_MAX_IDLE_MS_CONFIG,
                        Math.max(IDLE_MS, 2 * lock)),
                config -> new KafkaShareConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer()));
    }

    private <T> T create(Map<String, Object> own, Function<Map<String, Object>, T> constructor) {
        Map<String, Object> config = new HashMap<>(settings.client());
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        // As large as the system makes them: networks come in pieces of hundreds of KiB.
        config.put(CommonClientConfigs.SEND_BUFFER_CONFIG, CommonClientConfigs.SEND_BUFFER_LOWER_BOUND);
        config.put(CommonClientConfigs.RECEIVE_BUFFER_CONFIG, CommonClientConfigs.RECEIVE_BUFFER_LOWER_BOUND);
        config.putAll(own);
        try {
            return constructor.apply(config);
        } catch (KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw UserError.infrastructure(
                    "bootstrap-servers (%s): no Kafka client could be made: %s. Maybe a wrong host name or client setting?"
                            .formatted(settings.bootstrapServers(), cause.getMessage()),
                    e);
        }
    }
}
