package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** A look at the brokers: how much work waits for each role. */
public final class Cluster implements AutoCloseable {

    private final KafkaSettings settings;
    private final TopicLayout layout;
    private final Admin admin;

    /** Connects lazily. */
    public Cluster(KafkaSettings settings) {
        this.settings = settings;
        layout = new TopicLayout(settings.prefix());
        admin = new KafkaClients(settings).admin();
    }

    /**
     * How many brokers answer.
     *
     * @throws UserError of infrastructure when none does in time
     */
    public int brokers() {
        return get(admin.describeCluster().nodes()).size();
    }

    /**
     * Which event log this is, the same from wherever it is reached.
     *
     * @throws UserError of infrastructure when no broker answers in time
     */
    public String logName() {
        return "cluster %s with kafka.prefix %s"
                .formatted(get(admin.describeCluster().clusterId()), settings.prefix());
    }

    /** Whether checkpoints stand in the log, whose models lie in its blob store. */
    public boolean holdsCheckpoints() {
        String topic = layout.name(Topic.FLOWS);
        return get(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .anyMatch(p -> offset(p, OffsetSpec.latest()) > offset(p, OffsetSpec.earliest()));
    }

    /** How many tasks wait for the workers of each role or are in their hands. */
    public Map<Role, Long> lag() {
        Map<Role, Long> lag = new EnumMap<>(Role.class);
        for (Role role : Role.values()) {
            lag.put(role, lag(role));
        }
        return lag;
    }

    private long lag(Role role) {
        TopicPartition queue = new TopicPartition(layout.name(Topic.tasksOf(role)), 0);
        String group = layout.group(role);
        Map<String, ListShareGroupOffsetsSpec> all = Map.of(group, new ListShareGroupOffsetsSpec());
        Optional<SharePartitionOffsetInfo> info =
                Optional.ofNullable(get(admin.listShareGroupOffsets(all).partitionsToOffsetInfo(group))
                        .get(queue));
        return info.flatMap(SharePartitionOffsetInfo::lag).orElseGet(() -> waiting(queue, info));
    }

    /** Before Kafka 4.3, which does not count: from the first that is not settled to the end. */
    private long waiting(TopicPartition queue, Optional<SharePartitionOffsetInfo> info) {
        long begin =
                info.map(SharePartitionOffsetInfo::startOffset).orElseGet(() -> offset(queue, OffsetSpec.earliest()));
        return Math.max(0, offset(queue, OffsetSpec.latest()) - begin);
    }

    private long offset(TopicPartition queue, OffsetSpec which) {
        return get(admin.listOffsets(Map.of(queue, which)).partitionResult(queue))
                .offset();
    }

    private <T> T get(KafkaFuture<T> future) {
        try {
            return future.get(KafkaClients.PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw UserError.infrastructure(
                    "bootstrap-servers (%s): %s. Maybe the brokers are down?"
                            .formatted(settings.bootstrapServers(), e.getMessage()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.infrastructure("interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
