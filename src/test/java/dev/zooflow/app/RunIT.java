package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.experiment.RunId;
import dev.zooflow.fault.Fleet;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.Event;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import dev.zooflow.tensor.Seed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny experiment from end to end: command line, broker, actors, mathematics, results. */
@Tag("beside")
class RunIT {

    private static final RunId RUN = new RunId("tiny");

    private static final String EXPERIMENT = """
            name = tiny
            task { kind = two-moons, examples = 300, noise = 0.1 }
            network { hidden = [8] }
            zoo {
              training-trajectories = 8, held-out-trajectories = 4, trajectories-per-task = 6
              epochs = 6, burn-in-epochs = 3, snapshots = 2, learning-rate = 1e-2
            }
            flow {
              backbone { width = 16, layers = 2 }
              training { steps = 40, time = 0, batch-size = 8, checkpoint-every = 0, checkpoint-steps = 15 }
            }
            flows = [{ name = geometric }, { name = euclidean, geometry = euclidean }]
            sampling { networks = 16, checkpoint-networks = 4, steps = 8 }
            evaluation { networks = 16, barrier-networks = 4, export = 2 }
            """;

    @TempDir
    private static Path dir;

    private static CommandResult result;
    private static Set<Thread> before;

    @BeforeAll
    static void run() throws IOException {
        before = Thread.getAllStackTraces().keySet();
        Path file = Files.writeString(dir.resolve("tiny.conf"), EXPERIMENT);
        result = CommandResult.of("run", file.toString(), "--runs-dir", dir.toString(), "--name", RUN.value());
    }

    @Test
    void endsWellAndSaysSo() throws IOException {
        assertThat(result.code()).as(result.err() + result.out()).isZero();
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .contains("zoo: 12 of 12", "flow geometric: training", "completed after", "report.html")
                .containsPattern("(?m)^group +n +accuracy");
        assertThat(Files.readString(dir.resolve("tiny/status"))).isEqualTo("completed\n");
    }

    @Test
    void trialsAreStoppedWhileTheyAreTrained() throws IOException {
        String sweep = EXPERIMENT.replaceFirst("flows = .*", "") + """
                name = stops
                flow.training { steps = 400, checkpoint-steps = 20 }
                sampling { networks = 4, checkpoint-networks = 4, steps = 2 }
                sweep {
                  metric.name = loss_mean
                  early-terminate { type = asha, asha { time-attr = step, grace-period = 20, reduction-factor = 2, max-t = 400 } }
                  parameters.flow.training.learning-rate.values = [2e-3, 1e-3, 1e-7, 1e-8]
                }
                """;
        Path file = Files.writeString(dir.resolve("stops.conf"), sweep);
        CommandResult stops = CommandResult.of("run", file.toString(), "--runs-dir", dir.toString(), "--name", "stops");

        assertThat(stops.code()).as(stops.err() + stops.out()).isZero();
        JsonNode scores =
                new ObjectMapper().readTree(dir.resolve("stops/scores.json").toFile());
        JsonNode effort = scores.get("sweep");
        assertThat(effort.get("budget").asInt()).isEqualTo(1600);
        assertThat(effort.get("trained").asInt()).isBetween(400, 1599);
        assertThat(effort.get("trials_stopped").asInt())
                .isEqualTo(scores.get("stopped").size());
        assertThat(stops.out())
                .containsPattern("trained [0-9,]+ of 1,600 steps \\([0-9.]+ %\\), \\d trials? stopped early\n");
        assertThat(scores.get("stopped")).isNotEmpty().allSatisfy(trial -> {
            assertThat(trial.get("step").asInt()).isBetween(20, 399);
            assertThat(trial.has("validation_loss_mean")).isTrue();
            String flow = trial.get("group").asText().replace("generated/", "");
            assertThat(dir.resolve("stops/flows").resolve(flow).resolve("README.md"))
                    .content()
                    .contains(
                            "This flow was stopped early at step ",
                            "extend runs/stops sweep.early-terminate.type=none",
                            "| Quality, loss | "
                                    + "%.3f"
                                            .formatted(trial.get("validation_loss_mean")
                                                    .asDouble()));
        });

        CommandResult on = CommandResult.of(
                "extend", dir.resolve("stops").toString(), "sweep.early-terminate.type=none", "--name", "went-on");
        assertThat(on.code()).as(on.err() + on.out()).isZero();
        scores.get("stopped")
                .forEach(trial -> assertThat(dir.resolve("went-on/flows")
                                .resolve(trial.get("group").asText().replace("generated/", ""))
                                .resolve("README.md"))
                        .content()
                        .contains("Its training ended at step 400"));
    }

    @Test
    void scoresEveryGroup() throws IOException {
        JsonNode scores =
                new ObjectMapper().readTree(dir.resolve("tiny/scores.json").toFile());
        assertThat(scores.get("run").asText()).isEqualTo("tiny");
        List<JsonNode> rows =
                StreamSupport.stream(scores.get("rows").spliterator(), false).toList();
        assertThat(rows.stream().map(row -> row.get("group").asText()))
                .containsExactly(
                        "held-out",
                        "train",
                        "noise-0.01",
                        "noise-0.05",
                        "soup-16",
                        "interpolation",
                        "gaussian",
                        "gaussian-joint",
                        "retrieval",
                        "generated/geometric",
                        "generated/euclidean");
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("n").asInt()).isPositive();
            assertThat(row.get("accuracy_mean").asDouble()).isBetween(0.0, 1.0);
            assertThat(row.get("loss_mean").asDouble()).isPositive();
            assertThat(row.has("nn_ratio_mean")).isTrue();
        });
        assertThat(rows.get(9).get("n").asInt()).isEqualTo(16);
    }

    @Test
    void leavesReportProvenanceAndNetworks() throws IOException {
        assertThat(dir.resolve("tiny/report.html")).content().contains("geometric", "euclidean");
        assertThat(dir.resolve("tiny/metrics.csv")).content().contains("flow/geometric");
        JsonNode run = new ObjectMapper().readTree(dir.resolve("tiny/run.json").toFile());
        assertThat(run.get("status").asText()).isEqualTo("completed");
        JsonNode provenance = run.get("provenance");
        assertThat(provenance.get("data.generated").asText()).matches("[0-9a-f]{64}");
        assertThat(provenance.get("libtorch").asText()).startsWith("2.");
        assertThat(provenance.get("threads").asInt()).isPositive();
        assertThat(List.of("data", "zoo", "flow", "sample", "evaluation", "likelihood", "transfer"))
                .allSatisfy(node -> assertThat(provenance.get("seed." + node).asLong())
                        .isEqualTo(new Seed(1).child(node).value()));
        for (String flow : List.of("geometric", "euclidean")) {
            assertThat(dir.resolve("tiny/flows/%s/README.md".formatted(flow)))
                    .content()
                    .contains(
                            "# " + flow,
                            "step 40 after",
                            "| networks | 16 | 8 | 16 | 16 |",
                            "export runs/tiny --flow " + flow)
                    .satisfies(card -> {
                        Matcher blob = Pattern.compile("Blob `([0-9a-f]{64})`").matcher(card);
                        assertThat(blob.find()).isTrue();
                        String name = blob.group(1);
                        assertThat(dir.resolve("tiny/blobs")
                                        .resolve(name.substring(0, 2))
                                        .resolve(name.substring(2)))
                                .isNotEmptyFile();
                    });
        }
        try (Stream<Path> folders = Files.list(dir.resolve("tiny/networks"))) {
            assertThat(folders.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "geometric-000", "geometric-001", "euclidean-000", "euclidean-001", "index.jsonl");
        }
    }

    @Test
    void logsPrintsTheEventsOfADirectory() {
        CommandResult logs = CommandResult.of("logs", dir.resolve("tiny").toString());
        assertThat(logs.code()).as(logs.err()).isZero();
        assertThat(logs.out()).contains("submitted", "train/geometric/completed", "score/held-out/final");
    }

    @Test
    void theLogTellsTheWholeStoryAndExportReadsIt() throws IOException {
        List<Event> events = events();
        assertThat(of(events, Event.ZooTrajectory.class)).hasSize(12).anyMatch(Event.ZooTrajectory::heldOut);
        Set<String> queued = of(events, TaskEvent.TaskQueued.class).stream()
                .map(TaskEvent.TaskQueued::task)
                .collect(Collectors.toSet());
        Set<String> completed = of(events, TaskEvent.TaskCompleted.class).stream()
                .map(TaskEvent.TaskCompleted::task)
                .collect(Collectors.toSet());
        assertThat(queued)
                .isEqualTo(completed)
                .contains("zoo/0-6", "zoo/6-12", "train/geometric", "sample/euclidean/final", "evaluate/baselines");
        assertThat(of(events, Event.FlowCheckpoint.class)).hasSize(6);
        assertThat(of(events, TaskEvent.TaskStarted.class))
                .extracting(TaskEvent.TaskStarted::role)
                .contains(Role.values());
        assertThat(of(events, RunEvent.RunCompleted.class))
                .singleElement()
                .satisfies(e -> assertThat(e.failed()).isEmpty());

        Path out = dir.resolve("exported");
        CommandResult export = CommandResult.of(
                "export",
                dir.resolve("tiny").toString(),
                "--flow",
                "euclidean",
                "--count",
                "3",
                "--out",
                out.toString());
        assertThat(export.code()).as(export.err()).isZero();
        assertThat(out.resolve("euclidean-002/model.safetensors")).isNotEmptyFile();
        assertThat(out.resolve("geometric-000")).doesNotExist();

        CommandResult best =
                CommandResult.of("export", dir.resolve("tiny").toString(), "--best", "--metric", "accuracy_mean");
        assertThat(best.code()).as(best.err()).isZero();
        assertThat(best.out()).contains("is best by validation_accuracy_mean", "1 networks in");
        try (Stream<Path> folders = Files.list(dir.resolve("tiny/best"))) {
            assertThat(folders).hasSize(2).anyMatch(f -> Files.isRegularFile(f.resolve("README.md")));
        }
        CommandResult least = CommandResult.of(
                "export",
                dir.resolve("tiny").toString(),
                "--best",
                "--metric",
                "loss_mean",
                "--out",
                dir.resolve("least").toString());
        assertThat(least.code()).as(least.err()).isZero();
        String loss = "validation_loss_mean";
        boolean euclidean = row("tiny", "generated/euclidean").get(loss).asDouble()
                < row("tiny", "generated/geometric").get(loss).asDouble();
        assertThat(least.out())
                .contains("flow %s is best by %s".formatted(euclidean ? "euclidean" : "geometric", loss));
        CommandResult both = CommandResult.of("export", dir.resolve("tiny").toString(), "--best", "--zoo");
        assertThat(both.code()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void anExportedZooIsImportedWithTheSameScores() throws IOException {
        Path zoo = dir.resolve("zoo");
        CommandResult export =
                CommandResult.of("export", dir.resolve("tiny").toString(), "--zoo", "--out", zoo.toString());
        assertThat(export.code()).as(export.err()).isZero();
        assertThat(export.out()).contains("12 trajectories in");
        assertThat(zoo.resolve("held-out/trajectory-000011.safetensors")).isNotEmptyFile();
        Architecture architecture = Architecture.relu(2, 8, 2);
        float[] theta = NetworkFiles.read(zoo, architecture).theta();
        for (String format : List.of("npy", "npz", "h5")) {
            Path other = dir.resolve(format);
            CommandResult written = CommandResult.of(
                    "export", dir.resolve("tiny").toString(), "--zoo", "--format", format, "--out", other.toString());
            assertThat(written.code()).as(written.err()).isZero();
            assertThat(other.resolve("held-out/trajectory-000011." + format)).isNotEmptyFile();
            assertThat(NetworkFiles.read(other, architecture).theta())
                    .as(format)
                    .isEqualTo(theta);
        }

        CommandResult imported = CommandResult.of(
                "run",
                dir.resolve("tiny.conf").toString(),
                "zoo.kind=imported",
                "zoo.path=zoo",
                "flow.training.steps=2",
                "--data-dir",
                dir.toString(),
                "--runs-dir",
                dir.toString(),
                "--name",
                "imported");
        assertThat(imported.code()).as(imported.err() + imported.out()).isZero();
        for (String group : List.of("held-out", "train", "gaussian")) {
            assertThat(row("imported", group)).isEqualTo(row("tiny", group));
        }
        JsonNode run =
                new ObjectMapper().readTree(dir.resolve("imported/run.json").toFile());
        assertThat(run.get("provenance").get("data.zoo").asText()).hasSize(64);
    }

    @Test
    void aRunForEachValueOfAnyKey() throws IOException {
        Path runs = dir.resolve("each");
        String file = dir.resolve("tiny.conf").toString();
        List<String> arguments =
                List.of("run", file, "flow.training.steps=2", "--each", "network.hidden=[[4], [6, 4]]");
        CommandResult result =
                CommandResult.of(Stream.concat(arguments.stream(), Stream.of("--runs-dir", runs.toString()))
                        .toArray(String[]::new));
        assertThat(result.code()).as(result.err() + result.out()).isZero();
        assertThat(result.out())
                .contains("network.hidden=[4]", "network.hidden=[6,4]")
                .containsPattern("(?m)^values +run +group +validation_novel_performant_075")
                .containsPattern("(?m)^network.hidden=\\[4\\] +tiny-[0-9-]+ +generated/")
                .containsPattern("(?m)^network.hidden=\\[6,4\\] +tiny-[0-9-]+ +generated/");
        List<String> each = new ArrayList<>();
        try (Stream<Path> made = Files.list(runs)) {
            for (Path run : made.toList()) {
                JsonNode json =
                        new ObjectMapper().readTree(run.resolve("run.json").toFile());
                each.add(json.at("/provenance/each").asText());
            }
        }
        assertThat(each).containsExactlyInAnyOrder("network.hidden=[4]", "network.hidden=[6,4]");
        CommandResult more = CommandResult.of(
                "run",
                file,
                "flow.training.steps=2",
                "--each",
                "network.hidden=[[4], [5], [6, 4]]",
                "--skip-completed",
                "--runs-dir",
                runs.toString());
        assertThat(more.code()).as(more.err() + more.out()).isZero();
        assertThat(more.out())
                .containsPattern("network.hidden=\\[4\\]\nskipped: completed before as ")
                .containsPattern("network.hidden=\\[5\\]\nrun tiny-")
                .containsPattern("network.hidden=\\[6,4\\]\nskipped: completed before as ")
                .containsPattern("(?m)^network.hidden=\\[4\\] +tiny-[0-9-]+ +generated/")
                .containsPattern("(?m)^network.hidden=\\[5\\] +tiny-[0-9-]+ +generated/");
        try (Stream<Path> made = Files.list(runs)) {
            assertThat(made).hasSize(3);
        }
        assertOnOnePage(runs);
        CommandResult named = CommandResult.of(
                Stream.concat(arguments.stream(), Stream.of("--name", "both")).toArray(String[]::new));
        assertThat(named.code()).isEqualTo(ExitCode.USAGE);
        assertThat(named.err()).contains("--name (both) is that of one run, but here are 2. Maybe");
    }

    /** The page of a directory of runs has them all, with the values in which they differ. */
    private static void assertOnOnePage(Path runs) {
        try (StoredBoard board = StoredBoard.start(
                "127.0.0.1",
                0,
                StoredBoard.runs(runs),
                AppSettings.load(Optional.empty()).kafka(),
                run -> new FileBlobStore(RunDirectory.blobs(run)))) {
            Fleet.await(
                    "all runs on the page",
                    () -> api(board, "state").get("source").asText().endsWith("3 of 3 runs read"));
            assertThat(api(board, "state").has("problem")).isFalse();
            assertThat(api(board, "runs").findValuesAsText("status"))
                    .containsExactly("completed", "completed", "completed");
            JsonNode trials = api(board, "trials");
            assertThat(trials.get("total").asInt()).isEqualTo(6);
            assertThat(trials.findValuesAsText("p.network.hidden")).contains("[4]", "[5]", "[6, 4]");
        }
    }

    private static JsonNode api(StoredBoard board, String view) {
        try (InputStream in =
                URI.create(board.address() + "api/" + view).toURL().openStream()) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode row(String run, String group) throws IOException {
        JsonNode rows = new ObjectMapper()
                .readTree(dir.resolve(run).resolve("scores.json").toFile())
                .get("rows");
        return StreamSupport.stream(rows.spliterator(), false)
                .filter(row -> row.get("group").asText().equals(group))
                .findFirst()
                .orElseThrow();
    }

    private static List<Event> events() {
        List<Event> events = new ArrayList<>();
        Path directory = dir.resolve("tiny");
        try (Brokers brokers = Brokers.open(AppSettings.load(Optional.empty()).kafka(), directory.resolve(".kafka"));
                Wires wires = Wires.connect(brokers.settings(), new FileBlobStore(directory.resolve("blobs")))) {
            for (Topic topic : Topic.values()) {
                if (!topic.isQueue()) {
                    wires.log().replay(RUN, topic, recorded -> events.add(recorded.event()));
                }
            }
        }
        return events;
    }

    private static <E extends Event> List<E> of(List<Event> events, Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Test
    void aRunIsExtendedInADirectoryBesideItAndWhatItNeedsIsLeftByGc() throws IOException {
        CommandResult extended = CommandResult.of(
                "extend",
                dir.resolve("tiny").toString(),
                "flows.geometric.training.steps=50",
                "samplings.0={name=wide, hidden=[12], refine.steps=2}",
                "--name",
                "more",
                "--dashboard-port",
                "0");
        assertThat(extended.code()).as(extended.err()).isZero();
        assertThat(extended.out()).containsPattern("dashboard at http://127\\.0\\.0\\.1:\\d+/ while the run goes on");
        JsonNode run = new ObjectMapper().readTree(dir.resolve("more/run.json").toFile());
        assertThat(run.get("status").asText()).isEqualTo("completed");
        assertThat(run.get("provenance").get("extends").asText()).isEqualTo("tiny");
        assertThat(StreamSupport.stream(run.get("tasks").spliterator(), false)
                        .filter(task -> task.get("worker").asText().equals("run tiny"))
                        .map(task -> task.get("task").asText()))
                .containsExactlyInAnyOrder("zoo/0-6", "zoo/6-12", "train/euclidean");
        JsonNode scores =
                new ObjectMapper().readTree(dir.resolve("more/scores.json").toFile());
        assertThat(StreamSupport.stream(scores.get("rows").spliterator(), false)
                        .map(row -> row.get("group").asText()))
                .contains("held-out", "generated/geometric", "generated/euclidean");

        String directory = dir.resolve("more").toString();
        CommandResult wide =
                CommandResult.of("export", directory, "--variant", "wide", "--best", "--metric", "loss_mean");
        assertThat(wide.code()).as(wide.err()).isZero();
        try (Stream<Path> folders = Files.list(dir.resolve("more/variants/wide/best"))) {
            assertThat(folders.filter(Files::isDirectory))
                    .singleElement()
                    .satisfies(folder -> assertThat(folder.resolve("README.md"))
                            .content()
                            .contains("`hidden = [12]` (otherwise [])", "followed 2 gradients", "nn.Linear(2, 12)"));
        }
        CommandResult narrow = CommandResult.of("export", directory, "--variant", "narrow");
        assertThat(narrow.code()).isEqualTo(ExitCode.USAGE);
        assertThat(narrow.err()).contains("variant (narrow) is no sampling of run (more). Maybe one of [wide]?");
        CommandResult gc = CommandResult.of("gc", directory, "--grace", "0s", "--nobody-writes", "--json");
        assertThat(gc.code()).as(gc.err()).isZero();
        assertThat(new ObjectMapper().readTree(gc.out()).get("freed_blobs").asInt())
                .isGreaterThanOrEqualTo(2);
        CommandResult again = CommandResult.of(
                "extend", directory, "flows.geometric.training.steps=55", "flows.euclidean.training.steps=45");
        assertThat(again.code()).as(again.err()).isZero();
        CommandResult usedUp =
                CommandResult.of("extend", directory, "flows.geometric.training.steps=1", "--name", "used-up");
        assertThat(usedUp.code()).isEqualTo(ExitCode.USAGE);
        assertThat(dir.resolve("used-up")).doesNotExist();
        CommandResult refused = CommandResult.of("extend", directory, "zoo.epochs=7");
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("zoo differs");
    }

    @Test
    void aRunIsRepeatedBitByBitAndNamesWhatItRepeats() throws IOException {
        CommandResult rerun = CommandResult.of("rerun", "tiny", "--runs-dir", dir.toString(), "--name", "again");
        assertThat(rerun.code()).as(rerun.err() + rerun.out()).isZero();
        assertThat(rerun.out()).contains("scores agree with those of tiny bit by bit");
        JsonNode again =
                new ObjectMapper().readTree(dir.resolve("again/run.json").toFile());
        JsonNode tiny = new ObjectMapper().readTree(dir.resolve("tiny/run.json").toFile());
        assertThat(again.at("/provenance/reruns").asText()).isEqualTo("tiny");
        assertThat(again.get("experiment")).isEqualTo(tiny.get("experiment"));
        for (String group : List.of("train", "interpolation", "generated/geometric", "generated/euclidean")) {
            assertThat(row("again", group)).isEqualTo(row("tiny", group));
        }
    }

    @Test
    void aRerunSaysWhereScoresDifferAndRefusesOtherData() throws IOException {
        Path source = Files.createDirectories(dir.resolve("altered"));
        for (String file : List.of("status", "run.json", "scores.json")) {
            Files.copy(dir.resolve("tiny").resolve(file), source.resolve(file));
        }
        String scores = Files.readString(source.resolve("scores.json"));
        String accuracy = row("tiny", "soup-16").get("accuracy_mean").toString();
        Files.writeString(
                source.resolve("scores.json"),
                scores.replace("\"accuracy_mean\" : " + accuracy, "\"accuracy_mean\" : 0.125"));
        CommandResult rerun = CommandResult.of("rerun", source.toString(), "--runs-dir", dir.toString());
        assertThat(rerun.code()).as(rerun.err() + rerun.out()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(rerun.out())
                .contains("scores differ from those of altered in ")
                .containsPattern("soup-16 +\\d+ of \\d+ +accuracy_mean +0.1250");

        String run = Files.readString(source.resolve("run.json"));
        Files.writeString(
                source.resolve("run.json"), run.replaceFirst("\"data.generated\" : \"..", "\"data.generated\" : \"xx"));
        CommandResult refused = CommandResult.of("rerun", source.toString(), "--name", "refused");
        assertThat(refused.code()).isEqualTo(ExitCode.INFRASTRUCTURE);
        assertThat(refused.err()).contains("data (generated) have SHA-256", "in run (altered)", "Maybe");
        assertThat(Path.of("runs/refused")).doesNotExist();
    }

    @Test
    void leavesNoThreadBehind() {
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> !before.contains(thread) && !thread.isDaemon() && thread.isAlive())
                        .map(Thread::getName))
                .isEmpty();
    }
}
