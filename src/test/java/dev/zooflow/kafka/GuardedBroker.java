package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A broker that asks who does what: alice has a password and no rights, whoever comes by the other listener has all. */
final class GuardedBroker implements AutoCloseable {

    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    private final int port = Ports.freeExcept(0);
    private final int guarded = Ports.freeExcept(port);
    private final KafkaRaftServer server;

    GuardedBroker(Path data) throws Exception {
        int controller = Ports.freeExcept(guarded);
        Map<String, String> properties =
                new HashMap<>(BrokerProperties.of(data, new ListenAddress("127.0.0.1", port), controller));
        properties.merge("listeners", ",GUARDED://127.0.0.1:" + guarded, String::concat);
        properties.merge("listener.security.protocol.map", ",GUARDED:SASL_PLAINTEXT", String::concat);
        properties.put("listener.name.guarded.sasl.enabled.mechanisms", "PLAIN");
        properties.put("listener.name.guarded.plain.sasl.jaas.config", LOGIN + " user_alice=\"secret\";");
        properties.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        properties.put("super.users", "User:ANONYMOUS");
        new Formatter()
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(BrokerProperties.NODE_ID)
                .setControllerListenerName(BrokerProperties.CONTROLLER)
                .addDirectory(data.toString())
                .setMetadataLogDirectory(data.toString())
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
        server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
        server.startup();
    }

    /** With all rights. */
    KafkaSettings root() {
        return settings(port, Map.of());
    }

    /** By name and password. */
    KafkaSettings alice() {
        return settings(
                guarded,
                Map.of(
                        "security.protocol",
                        "SASL_PLAINTEXT",
                        "sasl.mechanism",
                        "PLAIN",
                        "sasl.jaas.config",
                        LOGIN + " username=\"alice\" password=\"secret\";"));
    }

    private static KafkaSettings settings(int port, Map<String, String> client) {
        return new KafkaSettings("127.0.0.1:" + port, "zooflow", Duration.ofSeconds(30), 1 << 16, 1 << 27, 3, client);
    }

    @Override
    public void close() {
        try {
            server.shutdown();
            server.awaitShutdown();
        } catch (RuntimeException e) {
            throw UserError.infrastructure("the broker did not stop", e);
        }
    }
}
