package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.zooflow.fault.Fleet;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of README, by a shell: with experiments of the same names that are over soon and need no data, and with places,
 * ports and ids of this machine for those that README makes up.
 */
@Timeout(value = 8, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@Tag("beside")
class ReadmeIT {

    private static final Pattern BLOCK = Pattern.compile("(?s)```(?:sh|hocon)\\n(.*?)```");
    private static final Pattern SHELL_BLOCK = Pattern.compile("(?s)```sh\\n(.*?)```");
    private static final String JAR = "java -jar target/zooflow.jar ";

    private static final String FIRST_MINUTES = "run experiments/quickstart.conf --name first";

    /** Lines that are not performed here, by their beginnings, and why, or what performs them. */
    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry(
                    "mvn ",
                    "the build that runs this test, or one of its profiles; the quickstart is the first of the first minutes"),
            Map.entry("docker compose", "needs a container engine; DockerIT starts what containers start"),
            Map.entry("LIBTORCH=", "needs a container engine and a GPU"),
            Map.entry("export PYTORCH_", "needs a GPU"),
            Map.entry(JAR + "worker --roles trainer --devices cuda", "needs a GPU"),
            Map.entry(JAR + "worker --bootstrap-servers localhost:9092 --blobs s3:", "S3BlobStoreTest has a server"),
            Map.entry(JAR + "bench train-step", "takes minutes; BenchCommandTest"),
            Map.entry(JAR + "bench sample", "takes minutes; BenchCommandTest"),
            Map.entry(JAR + "bench kafka", "takes minutes; KafkaBenchIT"),
            Map.entry("for topics in", "RightsIT grants these rights"),
            Map.entry("kafka-acls.sh", "RightsIT grants these rights"),
            Map.entry("done", "of the loop"));

    /** Below a file's own keys, above which they are. */
    private static final String SOON = """

            zoo { training-trajectories = 6, held-out-trajectories = 3, epochs = 4, burn-in-epochs = 2, snapshots = 2 }
            flow.training { steps = 8, checkpoint-steps = 4, batch-size = 4 }
            sampling { networks = 4, checkpoint-networks = 4, steps = 2 }
            evaluation { networks = 4, barrier-networks = 2, export = 1 }
            """;

    private static final String FEW = "task.examples = 600";

    /** Instead of data that a machine may not have. */
    private static final String DIGITS = FEW
            + ", task.kind = digits, task.test-fraction = 0.1, flow.backbone.width = 16, samplings = [], published = []\n"
            + "flows = [{ name = geometric }], evaluation.refinement = []\n";

    /** Lines of README that were performed, as they stand there. */
    private static final Set<String> PERFORMED = ConcurrentHashMap.newKeySet();

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<Process> started = new ArrayList<>();

    @TempDir
    private Path dir;

    private static String readme() throws IOException {
        return Files.readString(Path.of("README.md"));
    }

    /** The first block of the README that begins so. */
    private static String block(String begin) throws IOException {
        return BLOCK.matcher(readme())
                .results()
                .map((MatchResult m) -> m.group(1))
                .filter(text -> text.startsWith(begin))
                .findFirst()
                .orElseThrow(() -> new AssertionError(begin));
    }

    /** The commands of the block that begins with this one. */
    private static String commands(String begin) throws IOException {
        String block = block(JAR + begin);
        block.lines().map(ReadmeIT::withoutComment).forEach(PERFORMED::add);
        return block;
    }

    /** Commands of the README's shell blocks, without what they say of themselves; one that is continued is one. */
    private static List<String> lines() throws IOException {
        return SHELL_BLOCK
                .matcher(readme())
                .results()
                .flatMap((MatchResult m) ->
                        m.group(1).replaceAll("\\\\\\n\\s*", "").lines())
                .map(ReadmeIT::withoutComment)
                .toList();
    }

    private static String withoutComment(String line) {
        return line.strip().replaceFirst("\\s+#.*", "");
    }

    /** The command of the README that begins so, the shortest one. */
    private static String command(String begin) throws IOException {
        String command = lines().stream()
                .filter(line -> line.startsWith(JAR + begin))
                .min(Comparator.comparingInt(String::length))
                .orElseThrow(() -> new AssertionError(begin));
        PERFORMED.add(command);
        return command;
    }

    /** An experiment of the repository that is over soon. */
    private void experiment(String name, String differs) throws IOException {
        String file = "experiments/%s.conf".formatted(name);
        Path soon = dir.resolve(file);
        Files.createDirectories(soon.getParent());
        Files.writeString(soon, Files.readString(Path.of(file)) + "\n" + differs + SOON);
    }

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(dir.resolve("target"));
        Files.createSymbolicLink(
                dir.resolve("target/zooflow.jar"),
                Path.of(System.getProperty("zooflow.jar")).toAbsolutePath());
        experiment("quickstart", FEW + "\nflows = [{ name = geometric, geometry = geometric }]");
        experiment("which-flow", FEW);
        experiment("iris", "");
        experiment("breast-cancer", DIGITS);
        experiment("mnist", DIGITS);
        Files.copy(Path.of("experiments/iris.csv"), dir.resolve("experiments/iris.csv"));
    }

    @AfterEach
    void end() throws InterruptedException {
        started.forEach(Process::destroy);
        for (Process process : started) {
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private Process shell(String commands, Path out) throws IOException {
        ProcessBuilder shell = new ProcessBuilder("sh", "-e", "-c", commands)
                .directory(dir.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        // Short lives: what would be compiled well is over before.
        shell.environment().put("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m");
        Process process = shell.start();
        started.add(process);
        return process;
    }

    /** What a shell prints that performs commands, to their good end. */
    private String perform(String commands) throws IOException, InterruptedException {
        Path out = dir.resolve("out.txt");
        int code = shell(commands, out).waitFor();
        String printed = Files.readString(out);
        assertThat(code).as("%s%n%s", commands, printed).isZero();
        return printed;
    }

    @Test
    void theFirstFiveMinutes() throws IOException, InterruptedException {
        String printed = perform(commands(FIRST_MINUTES));

        assertThat(dir.resolve("runs")).isDirectoryContaining("glob:**/{first,second,iris,which-flow}");
        for (String run : new String[] {"first", "second", "iris", "which-flow"}) {
            assertEnded(run);
        }
        assertThat(dir.resolve("runs/first/run.json")).content().containsPattern("\"jar-sha256\" : \"[0-9a-f]{64}\"");
        assertThat(printed).contains("flows.geometric.training.time", "generated/width-64-normalized", "held-out");
        assertThat(dir.resolve("runs/which-flow/best")).isDirectoryRecursivelyContaining("glob:**/model.safetensors");
        Process one = start("dashboard runs/first", "0", "dashboard at");
        assertThat(shownRuns("dashboard runs/first")).containsExactly("first");
        one.destroy();
        assertThat(one.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        start("dashboard runs", "0", "dashboard at");
        Fleet.await(
                "all runs on the page",
                () -> shownRuns("dashboard runs").containsAll(List.of("first", "second", "iris", "which-flow")));
    }

    private void assertEnded(String run) {
        Path directory = dir.resolve("runs").resolve(run);
        assertThat(directory.resolve("status")).content().isEqualTo("completed\n");
        assertThat(directory.resolve("report.html")).isNotEmptyFile();
    }

    @Test
    void whatOneMachineDoes() throws IOException, InterruptedException {
        experiment(
                "which-flow",
                FEW + "\nsweep.parameters.flow { geometry.values = [euclidean], backbone.width.values = [64] }");
        perform(commands("run experiments/breast-cancer.conf").replace("DIR", "."));
        perform(commands("validate experiments/mnist.conf").replace("DIR", "."));
        // Two of the four.
        assertThat(perform(command("run experiments/which-flow.conf --each").replace("[20, 30]", "[4]")))
                .contains("the best group of each run");
        Process run = start("run experiments/quickstart.conf --dashboard", "0", "dashboard at");
        String quickstart =
                shownRuns("run experiments/quickstart.conf --dashboard").get(0);
        assertThat(run.waitFor()).isZero();
        assertEnded(quickstart);
        assertThat(perform(command("best --metric"))).contains("validation_accuracy_mean", "which-flow-");
        perform(command("rerun runs/").replaceAll("runs/.*", "runs/" + quickstart));
        perform(command("extend runs/")
                        .replaceAll("runs/\\S+", "runs/" + quickstart)
                        .replace("steps=2000", "steps=12") + " --name extended");
        assertEnded("extended");
        perform(command("asyncapi --html"));
        assertThat(dir.resolve("topics.html")).content().contains("run-submitted");
        assertThat(perform(command("asyncapi --schema"))).contains("\"$schema\"");
    }

    @Test
    void whatAFleetDoes() throws IOException, InterruptedException {
        experiment("quickstart", FEW);
        String port = Integer.toString(Fleet.freePort());
        start("broker --dir", port, "broker at");
        start("worker --roles trainer --bootstrap-servers", port, "working as");
        perform(here(command("run experiments/quickstart.conf --bootstrap-servers"), port));
        start("worker --bootstrap-servers localhost:9092 --blobs /shared/blobs", port, "working as");
        perform(here(command("submit"), port));
        assertThat(perform(here(command("status"), port))).contains("mine");
        assertThat(perform(here(command("watch"), port))).contains("generated/");
        assertThat(perform(here(command("doctor"), port))).contains("libtorch");
        start("worker --roles coordinator", port, "working as");
        start("dashboard --bootstrap-servers", port, "dashboard at");
        perform(here(command("extend mine"), port).replace("kind=flat", "kind=flat, training.steps=8"));
        assertThat(perform(here(command("watch").replace("watch mine", "watch mine-2"), port)))
                .contains("generated/flat");
    }

    /** A command of README for this machine. */
    private static String here(String command, String port) {
        return command.replaceAll("(localhost|kafka):9092", "localhost:" + port)
                .replace("--port 9092", "--port " + port)
                .replace("/shared/blobs", "blobs")
                .replace("/shared/data", ".")
                .replaceFirst("jar dashboard .*", "$0 --port 0")
                .replaceFirst("--dashboard$", "$0 --dashboard-port 0");
    }

    /** Starts a command of README that goes on; returns when it says that it works. */
    private Process start(String begin, String port, String working) throws IOException {
        Path out = printed(begin);
        Process process = shell("exec " + here(command(begin), port), out);
        Fleet.await(begin + ": " + working, () -> read(out).contains(working) || !process.isAlive());
        assertThat(read(out)).contains(working);
        return process;
    }

    private Path printed(String begin) {
        return dir.resolve("out-%s.txt".formatted(begin.replaceAll("\\W+", "-")));
    }

    /** The runs on the page that a command has started to serve. */
    private List<String> shownRuns(String begin) {
        Matcher address =
                Pattern.compile("dashboard at (http://127\\.0\\.0\\.1:\\d+/)").matcher(read(printed(begin)));
        assertThat(address.find()).isTrue();
        List<String> runs = new ArrayList<>();
        Fleet.await("a run on the page", () -> {
            try (InputStream in =
                    URI.create(address.group(1) + "api/runs").toURL().openStream()) {
                runs.addAll(new ObjectMapper().readTree(in).findValuesAsText("run"));
            } catch (IOException e) {
                return false;
            }
            return !runs.isEmpty();
        });
        return runs;
    }

    private static String read(Path out) {
        try {
            return Files.readString(out);
        } catch (IOException e) {
            return "";
        }
    }

    /** After all tests of this class, whose performances it counts. */
    @AfterAll
    static void everyCommandWasPerformedHereOrIsElsewhere() throws IOException {
        Set<String> withoutName = PERFORMED.stream()
                .map(line -> line.replaceFirst(" --name \\S+", ""))
                .collect(Collectors.toSet());
        assertThat(lines())
                .filteredOn(line -> !PERFORMED.contains(line) && !withoutName.contains(line))
                .allSatisfy(line -> assertThat(ELSEWHERE.keySet()).anyMatch(line::startsWith));
        assertThat(ELSEWHERE.keySet())
                .allSatisfy(begin -> assertThat(lines()).anyMatch(line -> line.startsWith(begin)));
    }
}
