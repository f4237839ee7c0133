package dev.zooflow.kafka;

import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The topics as they are created: names, partitions, retention.
 *
 * <p>Record keys are message ids, and events are placed in partitions by their run. Of two records with one id the first
 * counts and compaction keeps the last, so that logs are never compacted; only signs of life are, of which the last counts. A queue has a single partition: a share group shares each partition among some of its members
 * only, and with several partitions a task could wait for a busy worker while another has nothing to do.
 *
 * @param prefix of every name
 */
record TopicLayout(String prefix) {

    /** Largest record on any topic, in bytes: the largest inline payload, its headers and some room. */
    static final int MAX_MESSAGE_BYTES = 2 << 20;

    /** Largest dead letter: any record with the headers that say why it is there. */
    static final int MAX_LETTER_BYTES = MAX_MESSAGE_BYTES + (64 << 10);

    private static final int EVENT_PARTITIONS = 4;
    private static final int MOST_REPLICAS = 3;

    private static final Duration SHORT = Duration.ofDays(7);
    private static final Duration LONG = Duration.ofDays(30);
    private static final Duration YEAR = Duration.ofDays(365);

    String name(Topic topic) {
        return topic.name(prefix);
    }

    /** The dead-letter topic of a topic. */
    static String deadLetters(String topic) {
        return "dlq." + topic;
    }

    /** The share group of a role's workers. */
    String group(Role role) {
        return group("workers." + role.id());
    }

    /** The group of this name. */
    String group(String name) {
        return prefix + "." + name;
    }

    /**
     * Every topic and its dead-letter topic.
     *
     * @param brokers in the cluster
     * @param brokersWriteDeadLetters whether the brokers can be told to (Kafka 4.4)
     */
    List<NewTopic> all(int brokers, boolean brokersWriteDeadLetters) {
        short replicas = (short) Math.min(MOST_REPLICAS, brokers);
        return Arrays.stream(Topic.values())
                .flatMap(topic ->
                        Stream.of(topic(topic, replicas), deadLetterTopic(topic, replicas, brokersWriteDeadLetters)))
                .toList();
    }

    private NewTopic topic(Topic topic, short replicas) {
        Map<String, String> configs = configs(replicas, MAX_MESSAGE_BYTES, cleanup(topic), retention(topic));
        return new NewTopic(name(topic), topic.isQueue() ? 1 : EVENT_PARTITIONS, replicas).configs(configs);
    }

    private NewTopic deadLetterTopic(Topic topic, short replicas, boolean brokersWrite) {
        Map<String, String> configs = configs(replicas, MAX_LETTER_BYTES, TopicConfig.CLEANUP_POLICY_DELETE, LONG);
        if (topic.isQueue() && brokersWrite) {
            configs.put(TopicConfig.ERRORS_DEADLETTERQUEUE_GROUP_ENABLE_CONFIG, "true");
        }
        return new NewTopic(deadLetters(name(topic)), 1, replicas).configs(configs);
    }

    private static Map<String, String> configs(short replicas, int maxBytes, String cleanup, Duration retention) {
        Map<String, String> configs = new HashMap<>();
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup);
        configs.put(TopicConfig.RETENTION_MS_CONFIG, String.valueOf(retention.toMillis()));
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, String.valueOf(maxBytes));
        configs.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replicas < MOST_REPLICAS ? "1" : "2");
        return configs;
    }

    private static String cleanup(Topic topic) {
        return switch (topic) {
            case WORKERS -> TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE;
            default -> TopicConfig.CLEANUP_POLICY_DELETE;
        };
    }

    private static Duration retention(Topic topic) {
        return switch (topic) {
            case RUNS, FLOWS, SCORES -> YEAR;
            case WEIGHTS_GENERATED, METRICS, WORKERS -> SHORT;
            default -> LONG;
        };
    }
}
