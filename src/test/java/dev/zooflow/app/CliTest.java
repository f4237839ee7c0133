package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CliTest {

    @TempDir
    private Path dir;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "rerun",
                "watch",
                "validate",
                "keys",
                "export",
                "data",
                "data list",
                "data fetch",
                "broker",
                "worker",
                "asyncapi",
                "health",
                "bench"
            })
    void everyCommandHasHelp(String command) {
        Stream<String> args = Stream.concat(Stream.of(command.split(" ", -1)), Stream.of("--help"));
        CommandResult result = CommandResult.of(args.toArray(String[]::new));
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("Usage: zooflow " + command, "Exit codes");
    }

    @Test
    void theProgramHasHelpAndAVersion() {
        assertThat(CommandResult.of("--help").out()).contains("Usage: zooflow", "run", "validate", "worker");
        assertThat(CommandResult.of("--version").out()).startsWith("zooflow ");
    }

    @Test
    void validatePrintsWhatCanBeReadAgainAndWhatItWillDo() throws IOException {
        Path file = Files.writeString(dir.resolve("e.conf"), "name = mine\nzoo.epochs = 12\n");
        CommandResult first = CommandResult.of("validate", file.toString(), "zoo.batch-size=32");
        assertThat(first.code()).as(first.err()).isZero();
        assertThat(first.out()).contains("batch-size=32", "epochs=12", "experiment", "mine");
        String resolved = first.out().substring(0, first.out().lastIndexOf("\n\n"));
        Path again = Files.writeString(dir.resolve("again.conf"), resolved);
        assertThat(CommandResult.of("validate", again.toString()).out()).isEqualTo(first.out());
    }

    @Test
    void aDryRunNamesTrialsTopicsTimeAndStorage() {
        CommandResult dry = CommandResult.of("run", "experiments/quickstart.conf", "--dry-run");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains("flow geometric", "zooflow.tasks.trainer.v1", "zooflow.weights.generated.v1")
                .containsPattern("time +about ")
                // 170 trajectories of ten networks of 1,210 parameters in single precision.
                .containsPattern("storage +about .*: zoo 8.2 MB");
    }

    @Test
    void aDryRunOfSeveralReadsTheTableAndSumsUp() throws IOException {
        Files.writeString(
                dir.resolve("t.csv"),
                IntStream.range(0, 90)
                        .mapToObj(i -> "%d,%d,%d,%s%n".formatted(i, i * i, -i, i % 3 == 0 ? "x" : "y"))
                        .collect(Collectors.joining("", "a,b,c,label%n".formatted(), "")));
        Path file = Files.writeString(dir.resolve("t.conf"), "task { kind = csv, file = t.csv }");
        String[] dry = {"run", file.toString(), "--dry-run", "--each", "network.hidden=[[4], [5]]", "--data-dir"};
        CommandResult there = CommandResult.of(
                Stream.concat(Stream.of(dry), Stream.of(dir.toString())).toArray(String[]::new));
        assertThat(there.code()).as(there.err()).isZero();
        assertThat(there.out())
                .contains("csv t.csv: 90 examples of 3 features, 2 classes", "3-4-2 relu", "3-5-2 relu")
                .containsPattern(
                        "\nall of them: 2 runs, 2 trials; about \\d+ .* on two cores, about .*B of storage\n$");
        CommandResult absent = CommandResult.of(
                Stream.concat(Stream.of(dry), Stream.of(dir.resolve("no").toString()))
                        .toArray(String[]::new));
        assertThat(absent.code()).as(absent.err()).isZero();
        assertThat(absent.out()).endsWith("all of them: 2 runs, 2 trials; the data say how long and how much\n");
    }

    @Test
    void aDryRunSaysHowManyTrialsASweepProposesOnTheWay() throws IOException {
        Path file = Files.writeString(dir.resolve("tpe.conf"), """
                sweep {
                  method = tpe, run-cap = 25, max-concurrent = 2, on-failure = stop, max-retries = 1
                  metric { name = loss_mean, goal = minimize }
                  parameters.flow.training.learning-rate { min = 1e-4, max = 1e-2, distribution = log-uniform }
                }
                """);
        CommandResult dry = CommandResult.of("run", file.toString(), "--dry-run");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains("flow trial-001 ", "flow trial-010 ")
                .doesNotContain("trial-011")
                .containsPattern("\nsweep +tpe, 25 trials of which 15 are proposed on the way, by validation_loss_mean"
                        + " \\(minimize\\), at most 2 at a time; after a failure stop and try again 1 time\n");
    }

    @Test
    void aDryRunNamesEveryTrialOfAGrid() throws IOException {
        Path file = Files.writeString(dir.resolve("grid.conf"), """
                sweep {
                  early-terminate.type = asha
                  parameters.flow {
                    geometry { values = [euclidean, geometric] }
                    backbone.width { values = [8, 16] }
                  }
                }
                """);
        CommandResult dry = CommandResult.of("run", file.toString(), "--dry-run");
        assertThat(dry.code()).as(dry.err()).isZero();
        assertThat(dry.out().lines().filter(line -> line.startsWith("flow ")).map(line -> line.split(" ", 3)[1]))
                .containsExactlyInAnyOrder(
                        "width-8-euclidean", "width-8-geometric", "width-16-euclidean", "width-16-geometric");
        assertThat(dry.out())
                .containsPattern(
                        "\nsweep +grid, 4 trials, by validation_novel_performant_075 \\(maximize\\), stopped early"
                                + " by asha; after a failure continue\n")
                .containsPattern("\ntime +at most about ");
    }

    @Test
    void topicsAndMessagesAreDescribedForProgramsAndPeople() throws IOException {
        JsonNode document =
                new ObjectMapper().readTree(CommandResult.of("asyncapi").out());
        assertThat(document.get("asyncapi").asText()).isEqualTo("3.0.0");
        assertThat(new ObjectMapper()
                        .readTree(CommandResult.of("asyncapi", "--schema", "score")
                                .out()))
                .isEqualTo(document.at("/components/schemas/score/schema"));
        CommandResult unknown = CommandResult.of("asyncapi", "--schema", "scores");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("message (scores)", "Maybe one of");
        Path page = dir.resolve("topics.html");
        assertThat(CommandResult.of("asyncapi", "--html", page.toString()).code())
                .isZero();
        assertThat(page).content().contains("dev.zooflow.score.v1", "{prefix}.tasks.trainer.v1");
        assertThat(CommandResult.of("asyncapi", "--html", page.toString(), "--schema", "score")
                        .code())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void keysAreExplained() {
        CommandResult all = CommandResult.of("keys");
        assertThat(all.code()).as(all.err()).isZero();
        assertThat(all.out())
                .startsWith("name = experiment\n    Name of the experiment")
                .contains("\n\nflow.training.batch-size = 32\n    Networks in a mini-batch.\n\n")
                .contains("\n\nzooflow.kafka.lock-duration = 30 s\n    Lock on a task");
        CommandResult some = CommandResult.of("keys", "zooflow.health");
        assertThat(some.out().lines().filter(line -> line.startsWith("zooflow.")))
                .containsExactly("zooflow.health { … }", "zooflow.health.host = 127.0.0.1", "zooflow.health.port = 0");
        CommandResult unknown = CommandResult.of("keys", "flow.trianing");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.errorLines())
                .containsExactly("error: prefix (flow.trianing) begins no key. Maybe flow.training?");
    }

    @Test
    void listsTheDataSets() {
        CommandResult result = CommandResult.of("data", "list");
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("mnist", "fashion-mnist", "wdbc");
    }

    @Test
    void anErrorOfTheProgramItselfIsOneLineUnlessVerbose() {
        RuntimeException fault = new IllegalStateException("two\nlines");
        StringWriter err = new StringWriter();
        CommandLine line = Cli.create(new PrintWriter(err), new PrintWriter(err));
        assertThat(ErrorLines.onFailure(fault, line, false)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString().lines()).singleElement().asString().contains("IllegalStateException: two lines");
        assertThat(ErrorLines.onFailure(fault, line, true)).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("at dev.zooflow.app.CliTest");
    }
}
