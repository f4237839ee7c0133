package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkQueue.Delivery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rights that the README names are what a fleet needs, and what is missing is found. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("beside")
class RightsIT {

    private static final AclOperation[] ON_TOPICS = {
        AclOperation.CREATE, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.READ, AclOperation.WRITE
    };
    private static final AclOperation[] ON_GROUPS = {
        AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS, AclOperation.ALTER_CONFIGS, AclOperation.READ
    };

    @TempDir
    private Path dir;

    private GuardedBroker broker;
    private Admin root;

    @BeforeEach
    void start() throws Exception {
        broker = new GuardedBroker(dir.resolve("kafka"));
        root = new KafkaClients(broker.root()).admin();
    }

    @AfterEach
    void stop() {
        root.close();
        broker.close();
    }

    private void allow(ResourceType type, String prefix, AclOperation... operations) throws Exception {
        acl(AclPermissionType.ALLOW, new ResourcePattern(type, prefix, PatternType.PREFIXED), operations);
    }

    private void acl(AclPermissionType permission, ResourcePattern resource, AclOperation... operations)
            throws Exception {
        List<AclBinding> acls = Arrays.stream(operations)
                .map(o -> new AclBinding(resource, new AccessControlEntry("User:alice", "*", o, permission)))
                .toList();
        root.createAcls(acls).all().get();
    }

    private void allowAll() throws Exception {
        allow(ResourceType.TOPIC, "zooflow.", ON_TOPICS);
        allow(ResourceType.TOPIC, "dlq.zooflow.", ON_TOPICS);
        allow(ResourceType.GROUP, "zooflow.", ON_GROUPS);
    }

    private Checkup.Finding rights() {
        return rights(broker.alice());
    }

    private static Checkup.Finding rights(KafkaSettings settings) {
        List<Checkup.Finding> findings = new ArrayList<>(Checkup.of(settings));
        findings.removeIf(f -> !f.name().equals("rights"));
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    @Test
    void whatIsMissingIsFound() throws Exception {
        assertThat(rights().good()).isFalse();
        assertThat(rights().text())
                .contains("CREATE on topic ", "READ on ", "WRITE on topic ", "ALTER_CONFIGS on group ", "Maybe")
                .contains("topic zooflow.runs.v1", "topic dlq.zooflow.runs.v1", "group zooflow.workers.trainer");
        assertThatThrownBy(() -> Topics.prepare(broker.alice())).isInstanceOf(UserError.class);

        allowAll();
        Topics.prepare(broker.root());
        assertThat(rights()).isEqualTo(new Checkup.Finding("rights", true, rights().text()));

        acl(
                AclPermissionType.DENY,
                new ResourcePattern(ResourceType.TOPIC, "zooflow.runs.v1", PatternType.LITERAL),
                AclOperation.WRITE);
        assertThat(rights().text()).startsWith("missing: WRITE on topic zooflow.runs.v1. Maybe");
    }

    @Test
    void whoMayDoEverythingMissesNothing() {
        Topics.prepare(broker.root());
        Checkup.Finding all = rights(broker.root());
        assertThat(all.good()).isTrue();
        assertThat(all.text()).startsWith("all that is needed");
    }

    @Test
    void theRightsOfTheReadmeAreEnough() throws Exception {
        allowAll();
        Topics.prepare(broker.alice());
        FileBlobStore blobs = new FileBlobStore(dir.resolve("blobs"));
        Task task = new Task.TrainFlow(MessageSamples.RUN, "name = x", "a");
        CompletableFuture<Delivery> delivered = new CompletableFuture<>();
        CompletableFuture<Boolean> current = new CompletableFuture<>();
        try (KafkaEventLog log = new KafkaEventLog(broker.alice(), blobs);
                KafkaWorkQueue queue = new KafkaWorkQueue(broker.alice(), blobs);
                Cluster cluster = new Cluster(broker.alice())) {
            RunEvent offered = new RunEvent.RunOffered(MessageSamples.RUN);
            log.publish(offered).toCompletableFuture().get();
            log.publish(task).toCompletableFuture().get();
            log.share("coordinators", new CurrentShare(current));
            queue.consume(Role.TRAINER, delivered::complete);
            Delivery delivery = delivered.get();
            assertThat(delivery.task()).isEqualTo(task);
            delivery.reject("no reason").toCompletableFuture().get();
            current.get();
            List<String> read = new ArrayList<>();
            log.replay(MessageSamples.RUN, Topic.RUNS, r -> read.add(r.event().id()));
            assertThat(read).containsExactly(offered.id());
            assertThat(cluster.lag()).containsKey(Role.TRAINER);
            assertThat(rights().good()).as(rights().text()).isTrue();
        }
        try (LetterBox letters = new LetterBox(broker.alice())) {
            assertThat(letters.list()).hasSize(1);
        }
    }
}
