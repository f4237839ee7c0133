package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.Variant;
import dev.zooflow.report.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run --skip-completed}. */
class CompletedRunsTest {

    private static final String EXPERIMENT = "name = e, flow.training { steps = 9, time = 0, learning-rate = 3e-4 }";

    @TempDir
    private Path dir;

    private Path file = Path.of("");

    @BeforeEach
    void threeRuns() throws IOException {
        file = Files.writeString(dir.resolve("e.conf"), EXPERIMENT);
        store("one", "completed", spec(1), "seed=1");
        store("two", "interrupted", spec(2), "seed=2");
        store("three", "completed", spec(3), "seed=3");
    }

    private static ExperimentSpec spec(int seed) {
        return ExperimentFile.parse(EXPERIMENT, List.of("seed=" + seed));
    }

    private void store(String name, String status, ExperimentSpec spec, String each) throws IOException {
        Path run = Files.createDirectories(dir.resolve("runs").resolve(name));
        Files.writeString(run.resolve("status"), status + "\n");
        Files.writeString(
                run.resolve("run.json"),
                "{\"provenance\": {\"each\": \"%s\"}, \"experiment\": %s}"
                        .formatted(each, ExperimentFile.renderJson(spec)));
        Files.writeString(run.resolve("scores.json"), """
                {"rows": [{"group": "generated/geometric", "n": 4, "validation_novel_performant_075": 0.%s}]}
                """.formatted(each.substring(each.length() - 1)));
    }

    private CommandResult run(String... more) {
        return CommandResult.of(Stream.concat(
                        Stream.of(
                                "run",
                                file.toString(),
                                "--runs-dir",
                                dir.resolve("runs").toString(),
                                "--skip-completed"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void whatIsCompletedIsNotMadeAgainButRanked() {
        CommandResult result = run("--each", "seed=[1, 3]");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .containsPattern("seed=1\nskipped: completed before as .*one\n")
                .containsPattern("seed=3\nskipped: completed before as .*three\n")
                .containsPattern("values +run .*\nseed=3 +three .*\nseed=1 +one .*\n$");
    }

    @Test
    void aDryRunPlansTheOthersOnly() {
        CommandResult result = run("--dry-run", "--each", "seed=[1, 2, 3, 4]");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out())
                .contains(" e, seed 2\n", " e, seed 4\n")
                .contains("\nall of them: 2 runs, 2 trials; ")
                .doesNotContain(" e, seed 1\n", " e, seed 3\n");
    }

    @Test
    void anotherExperimentOrOtherValuesAreAnotherRun() {
        CompletedRuns completed = CompletedRuns.among(StoredRun.all(dir.resolve("runs")));
        assertThat(completed.of(new Variant(spec(1), List.of("seed=1"))))
                .hasValueSatisfying(run -> assertThat(run.run().value()).isEqualTo("one"));
        assertThat(completed.of(new Variant(spec(1), List.of()))).isEmpty();
        assertThat(completed.of(new Variant(spec(3), List.of("seed=1")))).isEmpty();
        ExperimentSpec longer = ExperimentFile.parse(EXPERIMENT, List.of("flow.training.steps=10"));
        assertThat(completed.of(new Variant(longer, List.of("seed=1")))).isEmpty();
    }

    @Test
    void trialsThatWereProposedOnTheWayAreNoDifference() throws IOException {
        ExperimentSpec begun = ExperimentFile.parse("""
                sweep { method = tpe, run-cap = 12, parameters.flow.sigma { min = 0.0, max = 0.5 } }
                """);
        ExperimentSpec ended = begun.with(Stream.concat(
                        begun.flows().stream(),
                        IntStream.of(11, 12)
                                .mapToObj(n -> ExperimentFile.parse("flows = [{ name = trial-0%d }]".formatted(n))
                                        .flows()
                                        .get(0)))
                .toList());
        store("tpe", "completed", ended, "zoo.epochs=7");
        CompletedRuns completed = CompletedRuns.among(StoredRun.all(dir.resolve("runs")));
        assertThat(completed.of(new Variant(begun, List.of("zoo.epochs=7")))).isPresent();
    }

    @Test
    void whatToTypeNextHasTheOptionsThatWereGiven() throws IOException {
        List<String> typed = new ArrayList<>(List.of("run", "e.conf", "--data-dir", "my data", "--dashboard"));
        typed.addAll(List.of("--name", "x", "--each", "a=[1, 'b']"));
        NextCommand next =
                new NextCommand(Cli.create(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()))
                        .parseArgs(typed.toArray(String[]::new))
                        .subcommand());
        assertThat(next.with("--skip-completed"))
                .isEqualTo("zooflow run e.conf --data-dir 'my data' --dashboard --name x --each 'a=[1, '\\''b'\\'']'"
                        + " --skip-completed");
        Path run = dir.resolve("e-1");
        assertThat(next.resume(run)).isEqualTo("zooflow resume e-1 --data-dir 'my data' --dashboard");
        Files.createDirectories(RunDirectory.broker(run));
        assertThat(next.resume(run)).isEqualTo("zooflow resume %s --data-dir 'my data' --dashboard", run);
    }
}
