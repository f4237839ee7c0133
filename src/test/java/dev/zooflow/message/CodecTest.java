package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.WeightBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private Codec codec;

    @BeforeEach
    void codec() {
        codec = codec(1 << 16);
    }

    private Codec codec(long inlineLimit) {
        return new Codec(new FileBlobStore(directory), inlineLimit, 1 << 20, "/zooflow/test", () -> NOW);
    }

    static Stream<Message> samples() {
        return MessageSamples.all().stream();
    }

    @Test
    void everyTypeHasASample() {
        assertThat(samples().map(Object::getClass))
                .as("MessageSamples.all() needs one of each record in the sealed hierarchy of Message")
                .doesNotHaveDuplicates()
                .hasSameElementsAs(leaves(Message.class).toList());
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed() ? Stream.of(type.getPermittedSubclasses()).flatMap(CodecTest::leaves) : Stream.of(type);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void decodingUndoesEncoding(Message message) throws Exception {
        MessageSamples.assertEqual(codec.decode(codec.encode(message)), message);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void largePayloadsTravelByClaimCheck(Message message) throws Exception {
        Envelope envelope = codec(0).encode(message);

        assertThat(envelope.body()).isEmpty();
        assertThat(envelope.header(Envelope.BLOB)).matches("[0-9a-f]{64}:\\d+");
        MessageSamples.assertEqual(codec.decode(envelope), message);
    }

    @Test
    void generatedNetworksKeepWhatTheyCost() throws Exception {
        Message guided = new Event.GeneratedNetworks(
                MessageSamples.RUN, "geometric", "guided", 3, 1200, 30.5, true, 84, MessageSamples.networks(2));

        MessageSamples.assertEqual(codec.decode(codec.encode(guided)), guided);
    }

    @Test
    void payloadsUpToTheLimitAreInline() throws Exception {
        Message message = MessageSamples.metric(1);
        int size = codec.encode(message).body().length;

        assertThat(codec(size).encode(message).headers()).doesNotContainKey(Envelope.BLOB);
        assertThat(codec(size - 1).encode(message).headers()).containsKey(Envelope.BLOB);
    }

    @Test
    void headersAreThoseOfCloudEvents() throws Exception {
        Envelope json = codec.encode(
                new TaskEvent.TaskCompleted(MessageSamples.RUN, "train/geometric", Role.TRAINER, 2, "worker-1", 61.25));
        Envelope weights = codec.encode(MessageSamples.trajectory(7, 2));

        assertThat(json.key()).isEqualTo("quickstart-20260101-120000/train/geometric/completed/2");
        assertThat(json.headers())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "ce_specversion", "1.0",
                        "ce_id", "quickstart-20260101-120000/train/geometric/completed/2",
                        "ce_source", "/zooflow/test",
                        "ce_type", "dev.zooflow.task-completed.v1",
                        "ce_time", "2026-01-02T03:04:05Z",
                        "content-type", "application/json",
                        "ce_dataschema", "urn:zooflow:schema:task-completed:v1"));
        assertThat(weights.header("ce_type")).isEqualTo("dev.zooflow.zoo-trajectory.v1");
        assertThat(weights.header("content-type")).isEqualTo("application/vnd.safetensors");
    }

    @Test
    void aDivergedLossIsNullOnTheWireAndNaNAgain() throws Exception {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Envelope envelope = codec.encode(MessageSamples.metric(loss));

            assertThat(new String(envelope.body(), StandardCharsets.UTF_8)).contains("\"values\":{\"loss\":null}");
            assertThat(((Event.MetricPoint) codec.decode(envelope)).values()).containsEntry("loss", Double.NaN);
        }
        Event.LossBarriers barriers = new Event.LossBarriers(
                MessageSamples.RUN, "aligned", Double.NaN, 0, new double[][] {{0, Double.NaN}, {Double.NaN, 0}});
        MessageSamples.assertEqual(codec.decode(codec.encode(barriers)), barriers);
    }

    @Test
    void weightsThatAreNotFiniteAreRefusedOnBothSides() throws Exception {
        WeightBatch batch = MessageSamples.networks(1);
        WeightBatch bad = new WeightBatch(batch.architecture(), batch.theta().clone());
        bad.theta()[3] = Float.NaN;
        bad.theta()[4] = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> codec.encode(
                        new Event.GeneratedNetworks(MessageSamples.RUN, "flow", "", 0, 1, 1, true, 0, bad)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 of 17 weights are NaN or infinite");

        Envelope good =
                codec.encode(new Event.GeneratedNetworks(MessageSamples.RUN, "flow", "", 0, 1, 1, true, 0, batch));
        byte[] body = good.body().clone();
        System.arraycopy(new byte[] {0, 0, (byte) 0xC0, 0x7F}, 0, body, body.length - 4, 4);
        assertThatThrownBy(() -> codec.decode(new Envelope(good.key(), good.headers(), body)))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("1 of 17 weights are NaN or infinite");
    }

    @ParameterizedTest
    @CsvSource({
        "dev.zooflow.metric-point.v2,     another major version",
        "dev.zooflow.metric-point.v01234, another major version",
        "dev.zooflow.metrics-point.v1,    unknown",
        "dev.zooflow.metric-point,        unknown",
        "com.example.metric-point.v1,     unknown",
        "dev.zooflow.metric-point.v99999999999, unknown"
    })
    void unknownTypesAreNamed(String type, String reason) throws Exception {
        Envelope envelope = with(codec.encode(MessageSamples.metric(1)), Envelope.TYPE, type);

        assertThatThrownBy(() -> codec.decode(envelope))
                .isInstanceOf(UnsupportedTypeException.class)
                .hasMessageContainingAll(type, reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_specversion", "ce_type", "ce_id"})
    void missingHeadersAreNamed(String header) throws Exception {
        Envelope envelope = codec.encode(MessageSamples.metric(1));
        Map<String, String> headers = new HashMap<>(envelope.headers());
        headers.remove(header);

        assertThatThrownBy(() -> codec.decode(new Envelope(envelope.key(), headers, envelope.body())))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(header);
    }

    @Test
    void idAndKeyMustFitThePayload() throws Exception {
        Envelope envelope = codec.encode(MessageSamples.metric(1));

        assertThatThrownBy(() -> codec.decode(with(envelope, Envelope.ID, "other/metric/flow/geometric/100")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("are not those of the payload");
        assertThatThrownBy(() -> codec.decode(new Envelope("other", envelope.headers(), envelope.body())))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("are not those of the payload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "../../etc/passwd:10", "ABCDEF:1", "0123:5"})
    void claimsThatAreNoHashesAreMalformed(String claim) throws Exception {
        Envelope envelope = with(codec(0).encode(MessageSamples.metric(1)), Envelope.BLOB, claim);

        assertThatThrownBy(() -> codec.decode(envelope))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("zooflow_blob (" + claim + ")");
    }

    @Test
    void aMissingBlobMayBeThereAnotherTime() throws Exception {
        Envelope envelope = codec(0).encode(MessageSamples.metric(1));
        BlobStore store = new FileBlobStore(directory.resolve("elsewhere"));
        Codec elsewhere = new Codec(store, 0, 1 << 20, "/zooflow/test");

        assertThatThrownBy(() -> elsewhere.decode(envelope)).isInstanceOf(StoreUnavailableException.class);
        store.put(new byte[] {1});
        assertThatThrownBy(() -> elsewhere.decode(envelope))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void whatIsAboveTheClaimLimitIsRefusedOnBothSidesAndNotRead() throws Exception {
        Message message = MessageSamples.metric(1);
        Envelope envelope = codec(0).encode(message);
        long size = Long.parseLong(envelope.header(Envelope.BLOB).split(":", 2)[1]);
        // A store without any blob: whoever asks it for one gets another exception.
        BlobStore empty = new FileBlobStore(directory.resolve("empty"));
        Codec tight = new Codec(empty, 0, size - 1, "/zooflow/test");
        assertThatThrownBy(() -> tight.decode(envelope))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContainingAll(
                        "claims %d bytes".formatted(size), "kafka.claim-limit (%d)".formatted(size - 1));
        assertThatThrownBy(() -> tight.encode(message))
                .isInstanceOf(UserError.class)
                .hasMessageContainingAll(message.id(), "%d bytes".formatted(size), "kafka.claim-limit");
        assertThat(empty.list()).isEmpty();

        Codec wide = new Codec(new FileBlobStore(directory), 0, size, "/zooflow/test");
        MessageSamples.assertEqual(wide.decode(wide.encode(message)), message);
    }

    @Test
    void aClaimThatLiesAboutTheSizeOfALargeBlobDoesNotMakeUsReadIt() throws Exception {
        Envelope envelope = codec(0).encode(MessageSamples.metric(1));
        Path large = directory.resolve("aa").resolve("a".repeat(62));
        Files.createDirectories(large.getParent());
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(1L << 33);
        }
        Envelope lie = with(envelope, Envelope.BLOB, "a".repeat(64) + ":1000");
        assertThatThrownBy(() -> codec.decode(lie))
                .isInstanceOf(LostBlobException.class)
                .hasMessageContainingAll(large.toString(), "does not have the 1000 bytes");
    }

    private static Envelope with(Envelope envelope, String header, String value) {
        Map<String, String> headers = new HashMap<>(envelope.headers());
        headers.put(header, value);
        return new Envelope(envelope.key(), headers, envelope.body());
    }
}
