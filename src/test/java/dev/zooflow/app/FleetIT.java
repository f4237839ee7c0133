package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import dev.zooflow.fault.Fleet;
import dev.zooflow.fault.Member;
import dev.zooflow.fault.Progress;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.SchemaCheck;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A broker, a coordinator and workers as processes of their own; commands come from this one. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("beside")
class FleetIT {

    private static final String EXPERIMENT = """
            name = fleet
            task { kind = two-moons, examples = 300 }
            network { hidden = [8] }
            zoo {
              training-trajectories = 6, held-out-trajectories = 4, trajectories-per-task = 5
              epochs = 4, burn-in-epochs = 2, snapshots = 2
            }
            flow {
              backbone { width = 8, layers = 1 }
              training { steps = 30, time = 0, batch-size = 8, checkpoint-every = 0 }
            }
            flows = [{ name = geometric }, { name = euclidean, geometry = euclidean }]
            sampling { networks = 8, steps = 4 }
            evaluation { networks = 8, barrier-networks = 2, export = 0 }
            """;

    /** What a worker has to put its work in order. */
    private static final Duration STOP = Duration.ofSeconds(30);

    private static final Pattern CONTINUED = Pattern.compile("continued/2 .*\"step\":[1-9]");

    /** Kinds of messages to which nothing has led before they are counted; {@code MessageSchemasTest} has samples of them. */
    private static final Set<String> RARE = Set.of(
            "evaluate-likelihood",
            "flow-likelihood",
            "run-extended",
            "run-resumed",
            "task-failed",
            "task-retried",
            "transfer-baselines",
            "transfer-flow",
            "trial-proposed",
            "task-stopped",
            "task-stuck");

    @TempDir
    private static Path dir;

    private static final Queue<String> TOLD = new ConcurrentLinkedQueue<>();
    private static Fleet fleet;
    private static HttpServer webhook;
    private static int healthPort;
    private static String notices;
    private static Path experiment;
    private static Member coordinator;
    private static Member worker;

    @BeforeAll
    static void start() throws IOException {
        experiment = Files.writeString(dir.resolve("fleet.conf"), EXPERIMENT);
        fleet = Fleet.start(dir, "zooflow {}");
        CommandResult before = fleet("doctor");
        assertThat(before.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(before.out()).contains("Maybe a first `worker` sets them?");
        webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        webhook.createContext("/", exchange -> {
            try (exchange) {
                TOLD.add(new ObjectMapper()
                        .readTree(exchange.getRequestBody())
                        .get("id")
                        .asText());
                exchange.sendResponseHeaders(204, -1);
            }
        });
        webhook.start();
        notices = "zooflow.notify.webhook = \"http://127.0.0.1:%d/\""
                .formatted(webhook.getAddress().getPort());
        healthPort = Fleet.freePort();
        coordinator = fleet.worker("coordinator", notices);
        worker = fleet.worker(Fleet.WORK, "zooflow.health.port = " + healthPort);
    }

    @AfterAll
    static void stop() {
        webhook.stop(0);
        fleet.close();
    }

    private static CommandResult fleet(String... arguments) {
        return CommandResult.of(Stream.concat(
                        Stream.of(arguments),
                        Stream.of(
                                "--bootstrap-servers",
                                fleet.servers(),
                                "--blob-dir",
                                fleet.blobs().toString()))
                .toArray(String[]::new));
    }

    private static void good(String... arguments) {
        CommandResult result = fleet(arguments);
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(ExitCode.OK);
    }

    private static JsonNode json(String... arguments) {
        CommandResult result = fleet(arguments);
        assertThat(result.code()).as(result.err()).isEqualTo(ExitCode.OK);
        try {
            return new ObjectMapper().readTree(result.out());
        } catch (IOException e) {
            throw new IllegalStateException(result.out(), e);
        }
    }

    private static void submit(String run) {
        assertThat(json("submit", experiment.toString(), "--name", run, "--json")
                        .get("run")
                        .asText())
                .isEqualTo(run);
    }

    private static String status(String run) {
        return json("status", run, "--json").get("runs").get(0).get("status").asText();
    }

    private static List<JsonNode> tasks(String run) {
        JsonNode tasks = json("status", run, "--json").get("tasks");
        return StreamSupport.stream(tasks.spliterator(), false).toList();
    }

    private static List<String> ids(String run) {
        return tasks(run).stream().map(t -> t.get("task").asText()).toList();
    }

    /** The table with which watching ends. */
    private static List<String> table(String run) {
        CommandResult result = fleet("watch", run);
        assertThat(result.code()).as(result.out() + result.err()).isEqualTo(ExitCode.OK);
        return result.out()
                .lines()
                .dropWhile(line -> !line.startsWith("group "))
                .toList();
    }

    private static void await(BooleanSupplier condition) {
        Fleet.await("what should come", condition);
    }

    @Test
    @Order(1)
    void aCoordinatorThatIsKilledIsReplacedAndTheTableIsTheSame() throws Exception {
        submit("calm");
        List<String> calm = table("calm");
        submit("stormy");
        await(() ->
                tasks("stormy").stream().anyMatch(t -> t.get("status").asText().equals("completed")));
        coordinator.kill();
        coordinator = fleet.worker("coordinator", notices);
        assertThat(table("stormy")).isEqualTo(calm).hasSizeGreaterThan(8);
        assertThat(ids("stormy")).isEqualTo(ids("calm"));
        assertThat(tasks("stormy"))
                .allSatisfy(t -> assertThat(t.get("attempts").asInt()).isEqualTo(1));
        Fleet.await("the notice of the second run", () -> TOLD.contains("stormy/completed"));
        assertThat(TOLD).containsExactly("calm/completed", "stormy/completed");
    }

    @Test
    @Order(2)
    void statusNamesWorkersAndLag() {
        JsonNode status = json("status", "--json");
        assertThat(status.get("runs")).hasSize(2);
        assertThat(status.get("lag").get(0).get("trainer").asLong()).isZero();
        List<JsonNode> alive = StreamSupport.stream(status.get("workers").spliterator(), false)
                .filter(w -> w.get("alive").asBoolean())
                .toList();
        assertThat(alive)
                .hasSize(4)
                .allSatisfy(w -> assertThat(w.get("resident_mib").asLong()).isPositive());
        assertThat(fleet("logs", "calm").out()).contains("calm", "completed", "score/held-out/final");
    }

    @Test
    @Order(2)
    void watchingForScriptsIsARecordPerChange() throws IOException {
        CommandResult watched = fleet("watch", "calm", "--output", "json");
        assertThat(watched.code()).as(watched.err()).isEqualTo(ExitCode.OK);
        List<String> lines = watched.out().lines().toList();
        JsonNode last = new ObjectMapper().readTree(lines.get(lines.size() - 1));
        assertThat(last.get("subject").asText()).isEqualTo("run");
        assertThat(last.get("state").asText()).isEqualTo("completed");
        assertThat(watched.out()).contains("\"subject\":\"group/generated/euclidean\"", "\"subject\":\"zoo\"");
        assertThat(fleet("watch", "calm", "--output", "csv").out()).startsWith("time,run,subject,state,");
    }

    @Test
    @Order(4)
    void everyMessageOnTheTopicsFitsItsSchema() throws IOException {
        Set<String> types = new TreeSet<>();
        for (Topic topic : Topic.values()) {
            for (Envelope envelope : fleet.envelopes(topic)) {
                assertThat(SchemaCheck.errors(envelope)).as(envelope.key()).isEmpty();
                types.add(envelope.headers().get(Envelope.TYPE));
            }
        }
        assertThat(MessageTypes.all().keySet())
                .filteredOn(kind -> !types.contains("dev.zooflow.%s.v1".formatted(kind)))
                .isSubsetOf(RARE);
    }

    @Test
    @Order(2)
    void doctorSaysThatThereIsNobodyToAskForRights() {
        assertThat(fleet("doctor").out()).contains("the cluster has no authorizer");
    }

    @Test
    @Order(2)
    void doctorTellsWhatWaitsForEachRole() {
        CommandResult doctor = fleet("doctor");
        assertThat(doctor.code()).isEqualTo(ExitCode.OK);
        assertThat(doctor.out())
                .containsPattern("ok +deliveries +6 deliveries of a task at most, locks of \\d+ ms")
                .containsPattern("ok +lag +.*: zoo-producer 0, trainer 0, sampler 0, evaluator 0\\R");
    }

    @Test
    @Order(2)
    void theEndpointOfAWorkerTellsWhatItDid() throws Exception {
        Path settings = Files.writeString(dir.resolve("health.conf"), "zooflow.health.port = " + healthPort);
        Fleet.await(
                "health",
                () -> CommandResult.of("health", "--config", settings.toString())
                                .code()
                        == ExitCode.OK);
        // Two flows in each of the two runs before this; a look at what waits is some seconds old.
        Fleet.await(
                "the figures of two runs",
                () -> figures()
                        .containsAll(List.of(
                                "zooflow_attempts_total{outcome=\"completed\",role=\"trainer\"} 4.0",
                                "zooflow_tasks_waiting{role=\"trainer\"} 0.0",
                                "zooflow_publish_failures_total 0.0")));
        assertThat(figures())
                .anyMatch(line -> line.matches("zooflow_working\\{.*role=\"trainer\".*} 0.0"))
                .anyMatch(line -> line.matches("process_resident_memory_bytes [1-9].*"));
    }

    private static List<String> figures() {
        URI metrics = URI.create("http://127.0.0.1:%d/metrics".formatted(healthPort));
        try {
            return HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofLines())
                    .body()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @Order(2)
    void theReportOfARunIsWrittenFromItsTopics() throws Exception {
        Path runs = dir.resolve("runs");
        good("report", "calm", "--runs-dir", runs.toString());
        assertThat(runs.resolve("calm/report.html")).isNotEmptyFile();
        assertThat(runs.resolve("calm/status")).hasContent("completed");
        CommandResult shown = CommandResult.of("show", "calm", "--runs-dir", runs.toString());
        assertThat(shown.out()
                        .lines()
                        .dropWhile(line -> !line.startsWith("group "))
                        .toList())
                .isEqualTo(table("calm"));
        good("report", "calm", "--runs-dir", runs.toString());
    }

    @Test
    @Order(3)
    void aWorkerThatIsToldToStopSavesItsTrainingAndHandsItBackAndPausesAndEndsAreObeyed() throws Exception {
        good(
                "submit",
                experiment.toString(),
                "flow.training.steps=100000",
                "flow.training.save-every=0",
                "flows=[{name=geometric}]",
                "--name",
                "long");
        try (Progress progress = fleet.progress("long")) {
            progress.await("a training", () -> progress.trained() > 2);
        }
        assertThat(savedStates("long")).isZero();
        good("pause", "long");
        assertThat(status("long")).isEqualTo("paused");
        worker.terminate();
        assertThat(worker.awaitEnd(STOP)).isEqualTo(143);
        assertThat(savedStates("long")).isPositive();
        assertThat(tasks("long"))
                .anySatisfy(t -> assertThat(t.get("status").asText()).isEqualTo("waiting"));
        good("continue", "long");
        good("cancel", "long");
        assertThat(fleet("watch", "long").code()).isEqualTo(ExitCode.FAILED);
        assertThat(fleet("pause", "long").code()).isEqualTo(ExitCode.USAGE);
        List<String> before = ids("long");
        worker = fleet.worker(Fleet.WORK);
        good("resume", "long");
        await(() -> CONTINUED.matcher(fleet("logs", "long").out()).find());
        assertThat(ids("long")).isEqualTo(before);
        assertThat(tasks("long"))
                .filteredOn(t -> t.get("role").asText().equals("zoo-producer"))
                .allSatisfy(t -> assertThat(t.get("attempts").asInt()).isEqualTo(1));
        good("cancel", "long");
    }

    /** How many states there are from which the training of a run can go on. */
    private static int savedStates(String run) throws IOException {
        BlobStore store = new FileBlobStore(fleet.blobs());
        Optional<BlobPointer> states = store.pointer(new BlobName("states/%s/train/geometric".formatted(run)));
        return states.map(BlobPointer::blobs).map(List::size).orElse(0);
    }

    @Test
    @Order(5)
    void poisonIsReplayedOnceItIsMended() throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", fleet.servers()), new ByteArraySerializer(), new ByteArraySerializer())) {
            ProducerRecord<byte[], byte[]> poison = new ProducerRecord<>(
                    "zooflow.tasks.evaluator.v1", bytes("calm/evaluate/baselines"), bytes("{\"run\":"));
            Map.of(
                            "ce_specversion", "1.0",
                            "ce_id", "calm/evaluate/baselines",
                            "ce_type", "dev.zooflow.evaluate-baselines.v1")
                    .forEach((name, value) -> poison.headers().add(name, bytes(value)));
            producer.send(poison).get();
        }
        await(() -> fleet("dlq", "list").out().contains("JSON of EvaluateBaselines"));
        String id = json("dlq", "list", "--json").get("id").asText();
        assertThat(fleet("dlq", "show", id).out()).contains("{\"run\":");
        Path mended = Files.writeString(dir.resolve("mended"), "{\"run\":\"calm\",\"experiment\":\"name = x\"}");
        good("dlq", "replay", id, "--body", mended.toString());
        assertThat(fleet("dlq", "list").out()).contains("no dead letters");
        await(() -> json("status", "--json").get("lag").get(0).get("evaluator").asLong() == 0);
        assertThat(fleet("dlq", "list").out()).contains("no dead letters");
        assertThat(fleet("dlq", "replay", "x/0/1").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    @Order(6)
    void aRunIsExtendedByTheFleet() {
        assertThat(json("extend", "calm", "flows.geometric.training.steps=400", "--name", "more", "--json")
                        .get("extends")
                        .asText())
                .isEqualTo("calm");
        assertThat(table("more")).hasSameSizeAs(table("calm")).isNotEqualTo(table("calm"));
        assertThat(tasks("more"))
                .filteredOn(t -> t.get("worker").asText().equals("run calm"))
                .extracting(t -> t.get("task").asText())
                .containsExactlyInAnyOrder("zoo/0-5", "zoo/5-10", "train/euclidean");
        assertThat(fleet("logs", "more").out())
                .contains("extended {\"run\":\"more\",\"from\":\"calm\"", "train/geometric/continued/1");
        assertThat(fleet("extend", "calm", "zoo.epochs=7").code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    @Order(6)
    void whatFailedForWantOfDataIsRetriedOnceTheyAreThere() throws IOException {
        Path data = dir.resolve("late.csv");
        good("submit", experiment.toString(), "task.kind=csv", "task.file=\"" + data + "\"", "--name", "late");
        assertThat(fleet("watch", "late").code()).isEqualTo(ExitCode.FAILED);
        assertThat(status("late")).isEqualTo("failed");
        assertThat(tasks("late"))
                .anySatisfy(t -> assertThat(t.get("reason").asText()).contains(data.toString()));
        assertThat(fleet("resume", "late").err()).contains("Maybe `zooflow retry late --failed`?");
        List<String> failed = ids("late");
        Files.writeString(
                data,
                IntStream.range(0, 300)
                        .mapToObj(i -> "%d,%d,%s\n".formatted(i, i * i % 17, i % 2 == 0 ? "even" : "odd"))
                        .collect(Collectors.joining("", "x,y,label\n", "")));
        good("retry", "late", "--failed");
        assertThat(table("late")).hasSizeGreaterThan(8);
        assertThat(ids("late")).containsAll(failed);
        assertThat(fleet("logs", "late").out()).contains("/retried/", "resumed/2", "completed/2");
        assertThat(fleet("retry", "late", "--failed").code()).isEqualTo(ExitCode.USAGE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
