package dev.zooflow.fault;

import static java.util.stream.Collectors.joining;

import dev.zooflow.graph.Architecture;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.SafeTensors;
import dev.zooflow.message.SafeTensors.Tensor;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Records that no program should write, on any topic. */
final class Poison implements AutoCloseable {

    /**
     * A record.
     *
     * @param headers besides version and id
     * @param body whatever
     * @param reason what is said of it when it is refused, or a part of that
     */
    private record Dose(Map<String, String> headers, byte[] body, String reason) {

        static Dose of(String type, byte[] body, String reason) {
            return new Dose(Map.of(Envelope.TYPE, "dev.zooflow." + type), body, reason);
        }

        /** A small record that refers to a blob. */
        static Dose claim(String type, BlobRef blob, String reason) {
            String claim = blob.sha256() + ":" + blob.size();
            return new Dose(Map.of(Envelope.TYPE, "dev.zooflow." + type, Envelope.BLOB, claim), new byte[0], reason);
        }
    }

    private static final String WEIGHTS = "zoo-trajectory.v1";
    private static final int DEEP = 100_000;
    private static final int HEADER_BYTES = 50 << 20;
    private static final int BLOB_BYTES = 200_000_000;
    private static final Architecture NETWORK = Architecture.relu(4, 6, 3);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String prefix;
    private final Map<String, Dose> doses;

    /** Poison for these brokers; the large kinds lie in the blob store. */
    Poison(KafkaSettings settings, BlobStore blobs) throws IOException {
        prefix = settings.prefix();
        doses = doses(blobs);
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
    private static Map<String, Dose> doses(BlobStore blobs) throws IOException {
        Map<String, Dose> doses = new LinkedHashMap<>();
        doses.put("malformed", Dose.of("task-completed.v1", utf8("{\"run\":"), "Unexpected end-of-input"));
        doses.put("empty", Dose.of("score.v1", new byte[0], "No content"));
        doses.put("version", Dose.of("task-completed.v99", utf8("{}"), "another major version"));
        doses.put("deep", Dose.of("score.v1", utf8("{\"later\":" + "[".repeat(DEEP)), "nesting depth"));
        doses.put("binary", Dose.of("train-flow.v1", new byte[] {(byte) 0xff, 0, (byte) 0xfe, 7}, "JSON of TrainFlow"));
        int parameters = NETWORK.parameters();
        byte[] sound = trajectory(parameters, 1);
        doses.put("truncated", Dose.of(WEIGHTS, Arrays.copyOf(sound, sound.length - 1), "tensors end at"));
        doses.put("headless", Dose.of(WEIGHTS, Arrays.copyOf(sound, 100), "is more than the 92 bytes that follow"));
        byte[] nan = trajectory(parameters, Float.NaN);
        doses.put("nan", Dose.of(WEIGHTS, nan, "%d of %d weights are NaN".formatted(parameters, parameters)));
        byte[] cut = trajectory(parameters - 1, 1);
        doses.put("shape", Dose.of(WEIGHTS, cut, "are not F32[n, %d]".formatted(parameters)));
        BlobRef header = blobs.put(headerOf(HEADER_BYTES));
        doses.put("large-header", Dose.claim(WEIGHTS, header, "header length (%d)".formatted(HEADER_BYTES)));
        BlobRef large = blobs.put(new byte[BLOB_BYTES]);
        doses.put("large-weights", Dose.claim(WEIGHTS, large, "kafka.claim-limit"));
        doses.put("large-json", Dose.claim("score.v1", large, "kafka.claim-limit"));
        return doses;
    }

    /** A trajectory of one snapshot with so many weights. */
    private static byte[] trajectory(int weights, float value) {
        float[] theta = new float[weights];
        Arrays.fill(theta, value);
        return new SafeTensors(
                        Map.of(
                                "weights", Tensor.of(theta, 1, weights),
                                "steps", Tensor.of(new long[] {9}, 1),
                                "validation_accuracy", Tensor.of(new float[] {1}, 1)),
                        Map.of(
                                "run", "poison",
                                "widths", NETWORK.toString(),
                                "activation", "relu",
                                "trajectory", "0",
                                "held_out", "false"))
                .encode();
    }

    /** A well-formed file without data whose header has so many bytes: an empty tensor in each line of it. */
    private static byte[] headerOf(int bytes) {
        String line = "\"%08d\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]}";
        int count = bytes / (line.formatted(0).length() + 1);
        String header = IntStream.range(0, count).mapToObj(line::formatted).collect(joining(",", "{", "}"));
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + bytes).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(bytes).put(utf8(header));
        Arrays.fill(file.array(), file.position(), file.capacity(), (byte) ' ');
        return file.array();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Puts every kind on every partition of a topic, for a run, and records without run, without value and without headers.
     *
     * @return for {@code <topic>/<partition>/<offset>} of each what is said of it when it is refused, or a part of that
     */
    Map<String, String> spread(Topic topic, String run) throws ExecutionException, InterruptedException {
        String name = topic.name(prefix);
        Map<String, String> reasons = new LinkedHashMap<>();
        for (var partition : producer.partitionsFor(name)) {
            for (Map.Entry<String, Dose> kind : doses.entrySet()) {
                Dose dose = kind.getValue();
                String id = "%s/poison/%s".formatted(run, kind.getKey());
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(name, partition.partition(), utf8(id), dose.body());
                record.headers().add(Envelope.SPEC_VERSION, utf8("1.0")).add(Envelope.ID, utf8(id));
                dose.headers().forEach((header, value) -> record.headers().add(header, utf8(value)));
                reasons.put(send(record), dose.reason());
            }
            byte[] body = utf8("no event");
            ProducerRecord<byte[], byte[]> strange =
                    new ProducerRecord<>(name, partition.partition(), utf8(run + "/x"), body);
            strange.headers().add(Envelope.TYPE, new byte[] {(byte) 0xff});
            reasons.put(send(strange), "ce_type is not UTF-8");
            for (String bare : List.of(run + "/poison/bare", "nobody")) {
                reasons.put(
                        send(new ProducerRecord<>(name, partition.partition(), utf8(bare), body)),
                        "header (ce_specversion) is missing");
            }
            byte[] key = utf8(run + "/poison/valueless");
            reasons.put(send(new ProducerRecord<>(name, partition.partition(), key, null)), "record has no value");
        }
        return reasons;
    }

    private String send(ProducerRecord<byte[], byte[]> record) throws ExecutionException, InterruptedException {
        RecordMetadata place = producer.send(record).get();
        return "%s/%d/%d".formatted(place.topic(), place.partition(), place.offset());
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
