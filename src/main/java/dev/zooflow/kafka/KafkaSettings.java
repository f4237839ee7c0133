package dev.zooflow.kafka;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import dev.zooflow.experiment.UserError;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How this program talks to Kafka.
 *
 * @param bootstrapServers {@code host:port,…}; empty stands for the embedded broker
 * @param prefix of topics and groups: [a-z0-9.-]
 * @param lockDuration of a task in a worker's hands, 1 s to 1 h
 * @param inlineLimit largest payload inside a message, in bytes, at most 1 MiB
 * @param claimLimit largest payload at all, in bytes, 1 MiB to 1 GiB
 * @param maxAttempts at a task, 1 to 9
 * @param client settings passed to every Kafka client; what zooflow needs itself overrides them
 */
public record KafkaSettings(
        String bootstrapServers,
        String prefix,
        Duration lockDuration,
        long inlineLimit,
        long claimLimit,
        int maxAttempts,
        Map<String, String> client) {

    private static final String SERVER = "(\\[[0-9a-fA-F:.%]+]|[^\\s,:]+):\\d{1,5}";
    private static final Pattern SERVERS = Pattern.compile("|" + SERVER + "(," + SERVER + ")*");
    private static final Pattern PREFIX = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?");
    /** Kafka lets a group be configured with so many, unless its administrator changed it; we need one more than attempts. */
    static final int MOST_DELIVERIES = 10;

    private static final int MOST_ATTEMPTS = MOST_DELIVERIES - 1;
    private static final long LARGEST_INLINE = 1L << 20;
    private static final long LARGEST_CLAIM = 1L << 30;

    /** Checks the ranges; copies the map. */
    public KafkaSettings {
        check(
                SERVERS.matcher(bootstrapServers).matches(),
                "bootstrap-servers",
                bootstrapServers,
                "is no list of host:port",
                "localhost:9092");
        check(PREFIX.matcher(prefix).matches(), "prefix", prefix, "may hold only a-z, 0-9, '.' and '-'", "zooflow");
        check(
                lockDuration.compareTo(Duration.ofSeconds(1)) >= 0 && lockDuration.compareTo(Duration.ofHours(1)) <= 0,
                "lock-duration",
                lockDuration,
                "is outside [1 s, 1 h]",
                "30 s");
        check(
                inlineLimit >= 0 && inlineLimit <= LARGEST_INLINE,
                "inline-limit",
                inlineLimit,
                "is outside [0, 1 MiB]",
                "512 KiB");
        check(
                claimLimit >= LARGEST_INLINE && claimLimit <= LARGEST_CLAIM,
                "claim-limit",
                claimLimit,
                "is outside [1 MiB, 1 GiB]",
                "128 MiB");
        check(
                maxAttempts >= 1 && maxAttempts <= MOST_ATTEMPTS,
                "max-attempts",
                maxAttempts,
                "is outside [1, " + MOST_ATTEMPTS + "]",
                "3");
        client = Map.copyOf(client);
    }

    private static void check(boolean good, String key, Object value, String wrong, String remedy) {
        if (!good) {
            throw UserError.usage("%s (%s) %s. Maybe %s?".formatted(key, value, wrong, remedy));
        }
    }

    /**
     * Reads sections {@code kafka} and {@code worker}.
     *
     * @param zooflow the resolved configuration below the root {@code zooflow}
     * @throws UserError when a value is of the wrong type or out of range
     */
    public static KafkaSettings create(Config zooflow) {
        try {
            Config kafka = zooflow.getConfig("kafka");
            return new KafkaSettings(
                    kafka.getString("bootstrap-servers").strip().replaceAll("\\s*,\\s*", ","),
                    kafka.getString("prefix"),
                    kafka.getDuration("lock-duration"),
                    kafka.getBytes("inline-limit"),
                    kafka.getBytes("claim-limit"),
                    zooflow.getInt("worker.max-attempts"),
                    client(kafka.getConfig("client")));
        } catch (ConfigException e) {
            throw UserError.usage("kafka settings: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> client(Config section) {
        Map<String, String> client = new TreeMap<>();
        section.entrySet()
                .forEach(e -> client.put(
                        String.join(".", ConfigUtil.splitPath(e.getKey())),
                        String.valueOf(e.getValue().unwrapped())));
        return client;
    }

    /** The same with other brokers, those of an {@link EmbeddedBroker} for example. */
    public KafkaSettings withBootstrapServers(String servers) {
        return new KafkaSettings(servers, prefix, lockDuration, inlineLimit, claimLimit, maxAttempts, client);
    }

    /** Everything but the values of client settings, which hold passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[bootstrapServers=%s, prefix=%s, lockDuration=%s, inlineLimit=%d, claimLimit=%d, maxAttempts=%d, client=%s]"
                .formatted(
                        bootstrapServers, prefix, lockDuration, inlineLimit, claimLimit, maxAttempts, client.keySet());
    }
}
