package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.MessageSamples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.internals.Exit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    @TempDir
    private Path directory;

    private static KafkaSettings settings(EmbeddedBroker broker) {
        return new KafkaSettings(broker.bootstrapServers(), "zooflow", Duration.ofSeconds(30), 1 << 16, 3, Map.of());
    }

    @Test
    void isReadyInSecondsAndKeepsItsDataFromStartToStart() throws Exception {
        EventRef ref;
        long begin = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Topics.prepare(settings(broker));
            // 2 s on an idle machine with two cores; the bound is for machines that do other things besides.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
            try (KafkaEventLog log = log(broker)) {
                ref = log.publish(MessageSamples.metric(0.5))
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
            }
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                KafkaEventLog log = log(broker)) {
            Event event = log.fetch(ref).orElseThrow();
            MessageSamples.assertEqual(event, MessageSamples.metric(0.5));
        }
    }

    private KafkaEventLog log(EmbeddedBroker broker) {
        return new KafkaEventLog(settings(broker), new FileBlobStore(directory.resolve("blobs")));
    }

    @Test
    void leavesNoThreadThatKeepsTheProcessAlive() {
        Set<Thread> before = liveUserThreads();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Topics.prepare(settings(broker));
            assertThat(liveUserThreads()).hasSizeGreaterThan(before.size());
        }
        Set<Thread> left = liveUserThreads();
        left.removeAll(before);
        assertThat(left).isEmpty();
    }

    private static Set<Thread> liveUserThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(Thread::isDaemon);
        return threads;
    }

    @Test
    void takesThePortItIsGiven() throws Exception {
        int port = Ports.freeExcept(0);
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, port)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertInfrastructure(
                    () -> EmbeddedBroker.start(directory, taken.getLocalPort()),
                    "port (%d) is in use".formatted(taken.getLocalPort()));
        }
    }

    @Test
    void oneBrokerAtATimeHasADirectory() {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            assertThat(broker.bootstrapServers()).isNotEmpty();
            assertInfrastructure(() -> EmbeddedBroker.start(directory), "is in use by another broker");
        }
    }

    @Test
    void aDirectoryThatCanNotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        assertInfrastructure(() -> EmbeddedBroker.start(file.resolve("kafka")), file.toString());

        Path damaged = directory.resolve("damaged");
        Files.createDirectories(damaged.resolve("data"));
        Files.writeString(damaged.resolve("data/meta.properties"), "version=1\ncluster.id=x\nnode.id=7\n");
        assertInfrastructure(() -> EmbeddedBroker.start(damaged), damaged.toString());
    }

    @Test
    void aBrokerThatGivesUpEndsNeitherTheProcessNorSilently() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            // What Kafka calls when all log directories have failed.
            assertThatThrownBy(() -> Exit.halt(1, "no space left")).hasMessage("no space left");

            UserError failure = broker.failure().toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(failure).hasMessageContainingAll(directory.toString(), "no space left");
            assertThat(failure.exitCode()).isEqualTo(UserError.INFRASTRUCTURE);
        }
    }

    private static void assertInfrastructure(Runnable start, String named) {
        assertThatThrownBy(start::run)
                .asInstanceOf(InstanceOfAssertFactories.throwable(UserError.class))
                .hasMessageContaining(named)
                .hasMessageContaining("Maybe")
                .extracting(UserError::exitCode)
                .isEqualTo(UserError.INFRASTRUCTURE);
    }
}
