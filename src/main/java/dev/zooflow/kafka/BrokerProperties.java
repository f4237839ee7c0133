package dev.zooflow.kafka;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The configuration of the embedded broker: one node, plaintext, small buffers, quick groups. */
final class BrokerProperties {

    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";
    private static final String BROKER = "BROKER";

    private static final String ONE = "1";
    // Kafka's default of 50 partitions for each internal topic costs seconds at every start.
    private static final String INTERNAL_PARTITIONS = "4";

    private BrokerProperties() {}

    static Map<String, String> of(Path data, ListenAddress address, int controllerPort) {
        Map<String, String> properties = new LinkedHashMap<>();
        node(properties, data, address, controllerPort);
        internalTopics(properties);
        groups(properties);
        resources(properties);
        return properties;
    }

    private static void node(Map<String, String> properties, Path data, ListenAddress address, int controllerPort) {
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", String.valueOf(NODE_ID));
        // Nobody but the broker itself talks to its controller.
        ListenAddress controller = new ListenAddress(ListenAddress.LOOPBACK, controllerPort);
        properties.put("controller.quorum.voters", "%d@%s".formatted(NODE_ID, controller));
        properties.put("listeners", "%s://%s,%s://%s".formatted(BROKER, address, CONTROLLER, controller));
        properties.put("listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        properties.put("inter.broker.listener.name", BROKER);
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("log.dirs", data.toString());
        properties.put("auto.create.topics.enable", "false");
        // No JMX: nobody looks, and two brokers of one process would quarrel about names.
        properties.put("metric.reporters", "");
    }

    private static void internalTopics(Map<String, String> properties) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            properties.put(topic + ".replication.factor", ONE);
            properties.put(topic + ".num.partitions", INTERNAL_PARTITIONS);
        }
        properties.put("transaction.state.log.min.isr", ONE);
        properties.put("share.coordinator.state.topic.min.isr", ONE);
    }

    private static void groups(Map<String, String> properties) {
        properties.put("group.initial.rebalance.delay.ms", "0");
        // Members learn of their partitions with a heartbeat: at the default of 5 s a worker would idle that long.
        properties.put("group.share.heartbeat.interval.ms", "500");
        properties.put("group.share.min.heartbeat.interval.ms", "500");
        properties.put("group.share.assignment.interval.ms", "0");
        // The bounds of lock-duration are the user's business here.
        properties.put("group.share.min.record.lock.duration.ms", "1000");
        properties.put("group.share.max.record.lock.duration.ms", "3600000");
        // While a task is being worked on, so many later ones at most are handed out: the most that Kafka allows.
        properties.put("group.share.partition.max.record.locks", "10000");
        properties.put("group.share.max.partition.max.record.locks", "10000");
    }

    private static void resources(Map<String, String> properties) {
        properties.put("num.network.threads", ONE);
        properties.put("num.io.threads", "2");
        // As large as the system makes them.
        properties.put("socket.send.buffer.bytes", "-1");
        properties.put("socket.receive.buffer.bytes", "-1");
        properties.put("background.threads", "2");
        properties.put("log.cleaner.dedupe.buffer.size", "2097152");
        properties.put("log.index.size.max.bytes", "1048576");
        properties.put("group.coordinator.threads", ONE);
        properties.put("share.coordinator.threads", ONE);
    }
}
