package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Prepares a Kafka cluster: checks that it can do what we need, creates missing topics, configures the share groups. */
public final class Topics {

    /** Keys of a share group's configuration. */
    static final String LOCK_DURATION = "share.record.lock.duration.ms";

    static final String DELIVERIES = "share.delivery.count.limit";

    private static final int SHARE_GROUPS_GENERAL = 1;
    private static final int SHARE_GROUPS_WITH_DEAD_LETTERS = 2;
    /** How often brokers deliver a record that can't be told otherwise, by Kafka's default. */
    private static final int KAFKAS_DELIVERIES = 5;

    private static final int MORE_DELIVERIES = 3;

    // metadata.version of Kafka 4.2, the first whose share groups are final and can renew locks.
    private static final int KAFKA_4_2 = 28;

    private final KafkaSettings settings;
    private final TopicLayout layout;
    private final Admin admin;

    private Topics(KafkaSettings settings, Admin admin) {
        this.settings = settings;
        this.layout = new TopicLayout(settings.prefix());
        this.admin = admin;
    }

    /**
     * Prepares the cluster for workers with these settings. Topics that exist are left as they are; doing it again changes
     * nothing.
     *
     * @throws UserError within about ten seconds when the brokers can't be reached, are too old, or refuse
     */
    public static void prepare(KafkaSettings settings) {
        try (Admin admin = new KafkaClients(settings).admin()) {
            Topics topics = new Topics(settings, admin);
            int shareVersion = topics.create();
            for (Role role : Role.values()) {
                topics.configure(role, shareVersion >= SHARE_GROUPS_WITH_DEAD_LETTERS);
            }
        }
    }

    /**
     * Makes the topics that are missing and leaves the groups of workers as they are: for those who do none of their work.
     *
     * @throws UserError as {@link #prepare}
     */
    public static void create(KafkaSettings settings) {
        try (Admin admin = new KafkaClients(settings).admin()) {
            new Topics(settings, admin).create();
        }
    }

    /**
     * Lets the brokers of one run alone keep its events for ever: who looks into an old run's directory finds all of them.
     *
     * @throws UserError as {@link #prepare}
     */
    public static void keepAll(KafkaSettings settings) {
        try (Admin admin = new KafkaClients(settings).admin()) {
            Topics topics = new Topics(settings, admin);
            AlterConfigOp keep =
                    new AlterConfigOp(new ConfigEntry(TopicConfig.RETENTION_MS_CONFIG, "-1"), AlterConfigOp.OpType.SET);
            Map<ConfigResource, Collection<AlterConfigOp>> all = topics.layout.all(1, false).stream()
                    .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.name()))
                    .collect(Collectors.toMap(topic -> topic, topic -> List.of(keep)));
            topics.get(admin.incrementalAlterConfigs(all).all());
        }
    }

    private int create() {
        int brokers = get(admin.describeCluster().nodes()).size();
        int shareVersion = shareVersion();
        createMissing(layout.all(brokers, shareVersion >= SHARE_GROUPS_WITH_DEAD_LETTERS));
        return shareVersion;
    }

    private int shareVersion() {
        var features = get(admin.describeFeatures().featureMetadata());
        var metadata = features.supportedFeatures().get("metadata.version");
        var share = features.finalizedFeatures().get("share.version");
        int version = share == null ? 0 : share.maxVersionLevel();
        requireShareGroups(settings.bootstrapServers(), metadata == null ? 0 : metadata.maxVersion(), version);
        return version;
    }

    /** Fails unless the brokers know share groups with renewal, and have them switched on. */
    static void requireShareGroups(String servers, int metadataVersion, int shareVersion) {
        if (metadataVersion < KAFKA_4_2) {
            throw UserError.infrastructure(
                    "bootstrap-servers (%s): the brokers are older than Kafka 4.2 and have no share groups. Maybe update them, or leave bootstrap-servers empty for the embedded broker?"
                            .formatted(servers));
        }
        if (shareVersion < SHARE_GROUPS_GENERAL) {
            throw UserError.infrastructure(
                    "bootstrap-servers (%s): share groups are switched off. Maybe run kafka-features.sh upgrade --feature share.version=1?"
                            .formatted(servers));
        }
    }

    private void createMissing(List<NewTopic> wanted) {
        Set<String> present = get(admin.listTopics().names());
        List<NewTopic> missing =
                wanted.stream().filter(t -> !present.contains(t.name())).toList();
        for (KafkaFuture<Void> created : admin.createTopics(missing).values().values()) {
            try {
                await(created);
            } catch (ExecutionException e) {
                // Another process was quicker.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw failed(e.getCause());
                }
            }
        }
    }

    private void configure(Role role, boolean deadLetters) {
        Map<String, String> configs = new HashMap<>();
        // The default, latest, would lose every task queued before the first worker came.
        configs.put("share.auto.offset.reset", "earliest");
        configs.put(LOCK_DURATION, String.valueOf(settings.lockDuration().toMillis()));
        if (!deadLetters) {
            requireFewAttempts(settings);
        } else {
            // More than we attempt: a task whose last attempt died with its worker comes back, so that somebody can say
            // that it is given up, and again if that one dies, too.
            configs.put(
                    DELIVERIES,
                    String.valueOf(Math.min(KafkaSettings.MOST_DELIVERIES, settings.maxAttempts() + MORE_DELIVERIES)));
            configs.put("errors.deadletterqueue.topic.name", TopicLayout.deadLetters(layout.name(Topic.tasksOf(role))));
            configs.put("errors.deadletterqueue.copy.record.enable", "true");
        }
        Collection<AlterConfigOp> set = new ArrayList<>();
        configs.forEach(
                (name, value) -> set.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, layout.group(role));
        get(admin.incrementalAlterConfigs(Map.of(group, set)).all());
    }

    /** Fails where brokers of before Kafka 4.4 would stop delivering a task before its last attempt was told of. */
    static void requireFewAttempts(KafkaSettings settings) {
        if (settings.maxAttempts() >= KAFKAS_DELIVERIES) {
            throw UserError.usage(
                    "worker.max-attempts (%d) is more than brokers older than Kafka 4.4 allow (%d). Maybe %2$d?"
                            .formatted(settings.maxAttempts(), KAFKAS_DELIVERIES - 1));
        }
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return await(future);
        } catch (ExecutionException e) {
            throw failed(e.getCause());
        }
    }

    private <T> T await(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get(KafkaClients.PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failed(new org.apache.kafka.common.errors.TimeoutException("no answer", e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private UserError failed(Throwable cause) {
        if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return UserError.infrastructure(
                    "bootstrap-servers (%s) can't be reached. Maybe no broker runs there, or it wants other security settings?"
                            .formatted(settings.bootstrapServers()),
                    cause);
        }
        if (cause instanceof InvalidConfigurationException || cause instanceof InvalidRequestException) {
            return UserError.usage(
                    "bootstrap-servers (%s): the brokers refuse a setting: %s. Maybe another lock-duration or max-attempts?"
                            .formatted(settings.bootstrapServers(), cause.getMessage()),
                    cause);
        }
        return UserError.infrastructure(
                "bootstrap-servers (%s): %s".formatted(settings.bootstrapServers(), cause), cause);
    }
}
