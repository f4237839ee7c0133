package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicLayoutTest {

    private static Map<String, NewTopic> topics(int brokers, boolean brokersWriteDeadLetters) {
        return new TopicLayout("zooflow")
                .all(brokers, brokersWriteDeadLetters).stream()
                        .collect(Collectors.toMap(NewTopic::name, Function.identity()));
    }

    @Test
    void everyTopicHasADeadLetterTopic() {
        Map<String, NewTopic> topics = topics(1, true);

        assertThat(topics).hasSize(2 * Topic.values().length);
        for (Topic topic : Topic.values()) {
            assertThat(topics).containsKeys(topic.name("zooflow"), "dlq." + topic.name("zooflow"));
        }
    }

    @Test
    void cleanupIsThatOfTheThing() {
        Map<String, NewTopic> topics = topics(1, true);

        assertThat(cleanup(topics, "zooflow.runs.v1")).isEqualTo("delete");
        assertThat(cleanup(topics, "zooflow.scores.v1")).isEqualTo("delete");
        assertThat(cleanup(topics, "zooflow.flows.v1")).isEqualTo("delete");
        assertThat(cleanup(topics, "zooflow.workers.v1")).isEqualTo("compact,delete");
        assertThat(cleanup(topics, "zooflow.weights.zoo.v1")).isEqualTo("delete");
        assertThat(cleanup(topics, "zooflow.tasks.trainer.v1")).isEqualTo("delete");
        assertThat(cleanup(topics, "dlq.zooflow.runs.v1")).isEqualTo("delete");
    }

    private static String cleanup(Map<String, NewTopic> topics, String name) {
        return topics.get(name).configs().get("cleanup.policy");
    }

    @Test
    void queuesHaveOnePartitionSoThatEveryWorkerSeesEveryTask() {
        Map<String, NewTopic> topics = topics(1, true);

        for (Role role : Role.values()) {
            assertThat(topics.get(Topic.tasksOf(role).name("zooflow")).numPartitions())
                    .isEqualTo(1);
        }
        assertThat(topics.get("zooflow.metrics.v1").numPartitions()).isGreaterThan(1);
    }

    @Test
    void replicasFollowTheNumberOfBrokers() {
        assertThat(topics(1, true).get("zooflow.runs.v1").replicationFactor()).isEqualTo((short) 1);
        assertThat(topics(2, true).get("zooflow.runs.v1").configs()).containsEntry("min.insync.replicas", "1");
        assertThat(topics(5, true).get("zooflow.runs.v1").replicationFactor()).isEqualTo((short) 3);
        assertThat(topics(5, true).get("zooflow.runs.v1").configs()).containsEntry("min.insync.replicas", "2");
    }

    @Test
    void brokersWriteDeadLettersOnlyWhereTheyCan() {
        String flag = "errors.deadletterqueue.group.enable";

        assertThat(topics(1, true).get("dlq.zooflow.tasks.trainer.v1").configs())
                .containsEntry(flag, "true");
        assertThat(topics(1, true).get("dlq.zooflow.runs.v1").configs()).doesNotContainKey(flag);
        assertThat(topics(1, false).get("dlq.zooflow.tasks.trainer.v1").configs())
                .doesNotContainKey(flag);
    }

    @Test
    void aRunHasOnePartitionAndRunsSpread() {
        assertThat(Records.partition(new RunId("a"), 4)).isEqualTo(Records.partition(new RunId("a"), 4));
        int[] runs = new int[4];
        for (int i = 0; i < 400; i++) {
            runs[Records.partition(new RunId("run-" + i), 4)]++;
        }
        assertThat(Arrays.stream(runs).min().orElseThrow()).isGreaterThan(60);
    }

    @Test
    void olderBrokersGetNoTaskThatTheyWouldDropBeforeItIsGivenUp() {
        assertThatCode(() -> Topics.requireFewAttempts(attempts(4))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Topics.requireFewAttempts(attempts(5)))
                .isInstanceOf(UserError.class)
                .hasMessage("worker.max-attempts (5) is more than brokers older than Kafka 4.4 allow (4). Maybe 4?");
    }

    private static KafkaSettings attempts(int most) {
        return new KafkaSettings("a:1", "zooflow", Duration.ofSeconds(30), 1 << 16, 1 << 27, most, Map.of());
    }

    @Test
    void brokersWithoutShareGroupsAreNamed() {
        assertThatCode(() -> Topics.requireShareGroups("a:1", 28, 1)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Topics.requireShareGroups("a:1", 27, 1))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("a:1", "older than Kafka 4.2");
        assertThatThrownBy(() -> Topics.requireShareGroups("a:1", 33, 0))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll("a:1", "switched off");
    }
}
