package dev.zooflow.fault;

import dev.zooflow.graph.Architecture;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Topic;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records that no program should write, on any topic. */
final class Poison implements AutoCloseable {

    /**
     * A record.
     *
     * @param type CloudEvents type
     * @param body whatever
     */
    private record Dose(String type, byte[] body) {}

    private static final int DEEP = 100_000;
    private static final Architecture NETWORK = Architecture.relu(4, 6, 3);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String prefix;

    Poison(KafkaSettings settings) {
        prefix = settings.prefix();
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        settings.bootstrapServers(),
                        "max.request.size",
                        300 << 20,
                        "buffer.memory",
                        400L << 20,
                        "delivery.timeout.ms",
                        60_000,
                        "request.timeout.ms",
                        30_000),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Every kind by name; ids are those of results that the run does not have yet. */
    private static Map<String, Dose> doses() {
        String weights = "dev.zooflow.zoo-trajectory.v1";
        Map<String, Dose> doses = new LinkedHashMap<>();
        doses.put("malformed", new Dose("dev.zooflow.task-completed.v1", utf8("{\"run\":")));
        doses.put("empty", new Dose("dev.zooflow.score.v1", new byte[0]));
        doses.put("version", new Dose("dev.zooflow.task-completed.v99", utf8("{}")));
        doses.put("deep", new Dose("dev.zooflow.score.v1", utf8("[".repeat(DEEP))));
        doses.put("binary", new Dose("dev.zooflow.train-flow.v1", new byte[] {(byte) 0xff, 0, (byte) 0xfe, 7}));
        byte[] nan = trajectory(NETWORK.parameters(), Float.NaN);
        doses.put("nan", new Dose(weights, nan));
        doses.put("truncated", new Dose(weights, java.util.Arrays.copyOf(nan, nan.length / 2)));
        doses.put("shape", new Dose(weights, trajectory(NETWORK.parameters() - 1, 1)));
        doses.put("header", new Dose(weights, headerOf(50L << 20)));
        return doses;
    }

    private static byte[] trajectory(int parameters, float value) {
        String header = """
                {"weights":{"dtype":"F32","shape":[1,%d],"data_offsets":[0,%d]},"__metadata__":{"run":"poison","architecture":"4-6-3"}}""".formatted(parameters, parameters * Float.BYTES);
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header.length() + parameters * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length()).put(utf8(header));
        for (int i = 0; i < parameters; i++) {
            file.putFloat(value);
        }
        return file.array();
    }

    /** A file that says that its header has so many bytes. */
    private static byte[] headerOf(long bytes) {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bytes)
                .array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Puts every kind on every partition of a topic, for a run, and records without key, without value and without headers. */
    int spread(Topic topic, String run) throws ExecutionException, InterruptedException {
        String name = topic.name(prefix);
        int sent = 0;
        for (var partition : producer.partitionsFor(name)) {
            for (Map.Entry<String, Dose> dose : doses().entrySet()) {
                String id = "%s/poison/%s".formatted(run, dose.getKey());
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        name, partition.partition(), utf8(id), dose.getValue().body());
                record.headers()
                        .add("ce_specversion", utf8("1.0"))
                        .add("ce_id", utf8(id))
                        .add("ce_type", utf8(dose.getValue().type()));
                producer.send(record).get();
                sent++;
            }
            for (ProducerRecord<byte[], byte[]> bare : bare(name, partition.partition(), run)) {
                producer.send(bare).get();
                sent++;
            }
        }
        return sent;
    }

    private static List<ProducerRecord<byte[], byte[]>> bare(String topic, int partition, String run) {
        byte[] body = utf8("no event");
        ProducerRecord<byte[], byte[]> strange = new ProducerRecord<>(topic, partition, utf8(run + "/x"), body);
        strange.headers().add("ce_type", new byte[] {(byte) 0xff});
        return List.of(
                new ProducerRecord<>(topic, partition, utf8(run + "/poison/bare"), body),
                strange,
                new ProducerRecord<>(topic, partition, utf8("nobody"), body));
    }

    /** Tries to put a record of so many bytes on a topic; gives the brokers' reason why they refuse it. */
    String oversized(Topic topic, int bodyBytes, int headerBytes) throws InterruptedException {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic.name(prefix), 0, utf8("big"), new byte[bodyBytes]);
        record.headers().add("ce_type", new byte[headerBytes]);
        try {
            producer.send(record).get();
            return "";
        } catch (ExecutionException e) {
            return String.valueOf(e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
