package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.zooflow.experiment.UserError;
import dev.zooflow.fault.Fleet;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.internals.Exit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    @TempDir
    private Path directory;

    private static KafkaSettings settings(EmbeddedBroker broker) {
        return new KafkaSettings(
                broker.bootstrapServers(), "zooflow", Duration.ofSeconds(30), 1 << 16, 1 << 27, 3, Map.of());
    }

    @Test
    void isReadyInSecondsAndKeepsItsDataFromStartToStart() throws Exception {
        EventRef ref;
        long begin = System.nanoTime();
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            Topics.prepare(settings(broker));
            // 2 s on an idle machine with two cores; the bound is for machines that do other things besides.
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(30));
            ref = publish(broker);
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
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, ListenAddress.LOOPBACK, port)) {
            assertThat(broker.bootstrapServers()).isEqualTo("127.0.0.1:" + port);
        }
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertInfrastructure(
                    () -> EmbeddedBroker.start(directory, ListenAddress.LOOPBACK, taken.getLocalPort()),
                    "host and port (127.0.0.1:%d) can't be listened at".formatted(taken.getLocalPort()));
        }
    }

    @Test
    void theEventsOfARunThatHasBrokersOfItsOwnAreKeptForEver() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory)) {
            KafkaSettings settings = settings(broker);
            Topics.prepare(settings);
            assertThat(retention(settings))
                    .isEqualTo(String.valueOf(Duration.ofDays(7).toMillis()));
            Topics.keepAll(settings);
            Fleet.await("the broker to learn of it", () -> retention(settings).equals("-1"));
        }
    }

    private static String retention(KafkaSettings settings) {
        ConfigResource metrics = new ConfigResource(ConfigResource.Type.TOPIC, Topic.METRICS.name(settings.prefix()));
        try (Admin admin = new KafkaClients(settings).admin()) {
            return admin.describeConfigs(List.of(metrics))
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .get(metrics)
                    .get("retention.ms")
                    .value();
        }
    }

    @Test
    void listensOnTheLoopbackInterfaceUnlessAnotherAddressIsNamed() throws Exception {
        String other = otherAddress();
        int port = Ports.freeExcept(0);
        EventRef ref;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, ListenAddress.LOOPBACK, port)) {
            assertThat(broker.isOpenToOthers()).isFalse();
            assertThatThrownBy(() -> new Socket(other, port).close()).isInstanceOf(ConnectException.class);
            Topics.prepare(settings(broker));
            ref = publish(broker);
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, other, port)) {
            assertThat(broker.isOpenToOthers()).isTrue();
            assertThat(broker.bootstrapServers()).isEqualTo(other + ":" + port);
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .isInstanceOf(ConnectException.class);
            try (KafkaEventLog log = log(broker)) {
                MessageSamples.assertEqual(log.fetch(ref).orElseThrow(), MessageSamples.metric(0.5));
            }
            assertThat(publish(broker).offset()).isGreaterThan(ref.offset());
        }
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory, ListenAddress.LOOPBACK, port);
                KafkaEventLog log = log(broker)) {
            MessageSamples.assertEqual(log.fetch(ref).orElseThrow(), MessageSamples.metric(0.5));
        }
    }

    private EventRef publish(EmbeddedBroker broker) throws Exception {
        try (KafkaEventLog log = log(broker)) {
            return log.publish(MessageSamples.metric(0.5)).toCompletableFuture().get(20, TimeUnit.SECONDS);
        }
    }

    /** An address of this machine that is not its loopback address; without one the test is left out. */
    private static String otherAddress() throws SocketException {
        Optional<String> other = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
        assumeThat(other)
                .as("this machine has an address besides the loopback one")
                .isPresent();
        return other.orElseThrow();
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
