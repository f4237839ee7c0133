package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.blob.StoreOwner;
import dev.zooflow.kafka.EmbeddedBroker;
import dev.zooflow.kafka.Topics;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Message;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent.TaskCompleted;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Blobs of a real log: the command frees what nothing refers to, and readers miss nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("beside")
class GarbageCollectionIT {

    @TempDir
    private static Path dir;

    private static EmbeddedBroker broker;
    private static AppSettings settings;
    private static BlobStore blobs;

    private static BlobRef overtaken;
    private static BlobRef last;
    private static BlobRef queued;
    private static BlobRef named;
    private static BlobRef loose;
    private static BlobRef young;

    @BeforeAll
    static void start() throws IOException {
        broker = EmbeddedBroker.start(dir.resolve("kafka"));
        settings = AppSettings.load(Optional.of(
                        Files.writeString(dir.resolve("settings.conf"), "zooflow.kafka.inline-limit = 200")))
                .withBootstrapServers(Optional.of(broker.bootstrapServers()));
        Topics.prepare(settings.kafka());
        blobs = new FileBlobStore(dir.resolve("blobs"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static BlobRef put(String text) throws IOException {
        return blobs.put(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Path file(BlobRef ref) {
        return dir.resolve("blobs")
                .resolve(ref.sha256().substring(0, 2))
                .resolve(ref.sha256().substring(2));
    }

    private static void ageAll() throws IOException {
        try (Stream<Path> all = Files.walk(dir.resolve("blobs"))) {
            all.filter(Files::isRegularFile).forEach(GarbageCollectionIT::age);
        }
    }

    private static void age(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Event.FlowCheckpoint checkpoint(int index, boolean isLast, BlobRef model) {
        return new Event.FlowCheckpoint(MessageSamples.RUN, "a", index, index, index, isLast, 1, model);
    }

    private static CommandResult gc(String... arguments) {
        return CommandResult.of(Stream.concat(
                        Stream.of(
                                "gc",
                                "--json",
                                "--bootstrap-servers",
                                broker.bootstrapServers(),
                                "--blobs",
                                dir.resolve("blobs").toUri().toString()),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static CommandResult worker(Path store) {
        return CommandResult.of(
                "worker",
                "--roles",
                "sampler",
                "--bootstrap-servers",
                broker.bootstrapServers(),
                "--blobs",
                store.toString());
    }

    private static JsonNode freed(String... arguments) throws IOException {
        CommandResult result = gc(arguments);
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        return new ObjectMapper().readTree(result.out());
    }

    @Test
    @Order(1)
    void aStoreWithoutARunIsNotTouched() throws IOException {
        loose = put("loose");
        ageAll();
        CommandResult result = gc();
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("no run is in the event log", "Maybe other brokers");
        assertThat(file(loose)).exists();
    }

    @Test
    @Order(2)
    void whatNothingRefersToIsFreedAndReadersMissNothing() throws Exception {
        overtaken = put("overtaken");
        last = put("last");
        queued = put("queued");
        named = put("named");
        blobs.point(
                new BlobName("states/%s/train/a".formatted(MessageSamples.RUN)), new BlobPointer(1, List.of(named)));
        String text = "name = long\n# " + "x".repeat(1000);
        List<Message> messages = List.of(
                new RunSubmitted(MessageSamples.RUN, text, Map.of()),
                MessageSamples.trajectory(7, 20),
                checkpoint(0, false, overtaken),
                checkpoint(2, true, last),
                // Its payload is in the store, and refers to another blob there.
                new Task.TransferFlow(MessageSamples.RUN, text, checkpoint(1, false, queued)),
                new TaskCompleted(MessageSamples.RUN, "train/a", Role.TRAINER, 1, "w", 1));
        try (Wires wires = Wires.connect(settings.kafka(), blobs)) {
            for (Message message : messages) {
                wires.log().publish(message).toCompletableFuture().get(20, TimeUnit.SECONDS);
            }
            ageAll();
            young = put("young");

            JsonNode dry = freed("--dry-run");
            assertThat(dry.get("freed_blobs").asInt()).isEqualTo(2);
            assertThat(dry.get("young_blobs").asInt()).isEqualTo(1);
            assertThat(dry.get("sha256"))
                    .extracting(JsonNode::asText)
                    .containsExactlyInAnyOrder(loose.sha256(), overtaken.sha256());
            assertThat(file(loose)).exists();

            JsonNode done = freed();
            assertThat(done.get("freed_blobs").asInt()).isEqualTo(2);
            assertThat(done.get("freed_bytes").asInt()).isEqualTo("loose".length() + "overtaken".length());
            assertThat(Stream.of(loose, overtaken).map(GarbageCollectionIT::file))
                    .noneMatch(Files::exists);
            assertThat(Stream.of(last, queued, named, young).map(GarbageCollectionIT::file))
                    .allMatch(Files::exists);

            List<Event> seen = new ArrayList<>();
            wires.log().replay(MessageSamples.RUN, Topic.WEIGHTS_ZOO, r -> seen.add(r.event()));
            wires.log().replay(MessageSamples.RUN, Topic.RUNS, r -> seen.add(r.event()));
            assertThat(seen).hasSize(3);
            MessageSamples.assertEqual(seen.get(0), MessageSamples.trajectory(7, 20));
        }
        assertThat(freed().get("freed_blobs").asInt()).isZero();
    }

    @Test
    @Order(3)
    void checkpointsAndStatesStayAsTheSettingsSay() throws IOException {
        Path all = Files.writeString(dir.resolve("all.conf"), "zooflow.blobs.keep-checkpoints = all");
        put("overtaken");
        age(file(overtaken));
        assertThat(freed("--config", all.toString()).get("freed_blobs").asInt()).isZero();
        Path few = Files.writeString(dir.resolve("few.conf"), "zooflow.blobs.keep-states = false");
        assertThat(freed("--config", few.toString()).get("freed_blobs").asInt()).isEqualTo(2);
        assertThat(file(named)).doesNotExist();
        assertThat(blobs.names()).isEmpty();
    }

    @Test
    @Order(4)
    void statesOfARunThatTheLogDoesNotKnowAreRefused() throws IOException {
        BlobRef foreign = put("foreign");
        ageAll();
        blobs.point(new BlobName("states/foreign-1/train/a"), new BlobPointer(1, List.of(foreign)));
        CommandResult result = gc();
        assertThat(result.code()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("foreign-1", "--forget-unknown");
        assertThat(file(foreign)).exists();
        assertThat(freed("--forget-unknown", "--grace", "2h").get("freed_blobs").asInt())
                .isEqualTo(2);
        assertThat(file(foreign)).doesNotExist();
        assertThat(file(last)).exists();
    }

    @Test
    @Order(5)
    void whatCanNotBeIsAWrongOption() {
        assertThat(gc("--grace", "4m").err()).contains("less than 5 minutes", "Maybe --grace 1h");
        assertThat(gc("--grace", "-1h").code()).isEqualTo(ExitCode.USAGE);
        assertThat(gc("--grace", "soon").code()).isEqualTo(ExitCode.USAGE);
        assertThat(CommandResult.of("gc", dir.toString()).err()).contains("holds no event log");
    }

    @Test
    @Order(5)
    void aShareThatIsNotMountedIsNoNewStore() throws IOException {
        Path share = Files.createDirectory(dir.resolve("share"));
        CommandResult worker = worker(share);
        assertThat(worker.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(worker.err()).contains("blobs (" + share + ") hold nothing", "Maybe it is not mounted");
        assertThat(share).isEmptyDirectory();
        Files.createFile(share.resolve("new"));
        BlobStore store = new FileBlobStore(share);
        Brokers.join(settings.kafka()).claim(store);
        assertThat(Brokers.owner(settings.kafka()).owns(store)).isTrue();
    }

    @Test
    @Order(6)
    void aStoreThatOthersClaimedIsNeitherSweptNorShared() throws IOException {
        new StoreOwner("cluster other with kafka.prefix zooflow").claim(blobs);
        put("of others");
        ageAll();
        CommandResult worker = worker(dir.resolve("blobs"));
        for (CommandResult result : List.of(gc(), worker)) {
            assertThat(result.code()).isEqualTo(ExitCode.USAGE);
            assertThat(result.errorLines())
                    .singleElement()
                    .asString()
                    .contains("belong to cluster other", "Maybe another directory");
        }
    }

    @Test
    @Order(7)
    void anObjectStorageThatIsAwayIsOfTheSurroundings() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        Path away = Files.writeString(dir.resolve("away.conf"), """
                zooflow.blobs.s3 { endpoint = "http://127.0.0.1:%d", path-style = true }
                """.formatted(port));
        System.setProperty("aws.accessKeyId", "key");
        System.setProperty("aws.secretAccessKey", "a-secret-that-nobody-sees");
        try {
            for (List<String> command : List.of(List.of("gc"), List.of("worker", "--roles", "sampler"))) {
                List<String> line = new ArrayList<>(command);
                line.addAll(List.of("--bootstrap-servers", broker.bootstrapServers(), "--blobs", "s3://team/zooflow"));
                line.addAll(List.of("--config", away.toString()));
                CommandResult result = CommandResult.of(line.toArray(String[]::new));
                assertThat(result.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
                assertThat(result.errorLines())
                        .singleElement()
                        .asString()
                        .contains("s3://team/zooflow/", "Maybe the server is away");
                assertThat(result.err()).doesNotContain("a-secret");
            }
        } finally {
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }
    }
}
