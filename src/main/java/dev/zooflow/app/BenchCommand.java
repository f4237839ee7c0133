package dev.zooflow.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.zooflow.bench.BenchConfig;
import dev.zooflow.bench.BenchKind;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow bench}: how long the expensive parts of the mathematics take on this machine. */
@Command(name = "bench", description = "Times the expensive parts of the mathematics on this machine.")
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(
            index = "0",
            paramLabel = "WHAT",
            completionCandidates = Kinds.class,
            description = "What to time: ${COMPLETION-CANDIDATES}.")
    private String what = "";

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Values above the configuration's, e.g. flow.backbone.width=16.")
    private List<String> overrides = List.of();

    @Option(
            names = "--config",
            paramLabel = "NAME|FILE",
            defaultValue = "wdbc",
            description = "wdbc, gaussian, mnist, or an experiment file: all sizes. Default: ${DEFAULT-VALUE}.")
    private String config = "";

    @Option(names = "--batch", description = "Networks per step. Default: that of WHAT and the configuration.")
    private Integer batch;

    @Option(names = "--steps", description = "Counted steps. Default: that of WHAT.")
    private Integer steps;

    @Option(names = "--warm-up", description = "Steps before. Default: that of WHAT.")
    private Integer warmUp;

    @Option(names = "--json", description = "One JSON object instead of a table.")
    private boolean json;

    /** What can be timed, for the help. */
    private static final class Kinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return BenchKind.labels().iterator();
        }
    }

    @Override
    public Integer call() throws IOException {
        try {
            BenchKind kind = BenchKind.of(what);
            BenchConfig chosen = BenchConfig.named(config, kind, overrides)
                    .orElseGet(() -> BenchConfig.of(config, ExperimentFile.load(Path.of(config), overrides)));
            int networks = atLeast(1, "--batch", batch, kind.batch(chosen));
            int before = atLeast(0, "--warm-up", warmUp, kind.warmUp());
            int counted = atLeast(1, "--steps", steps, kind.steps());
            print(kind.run(chosen, networks, before, counted).figures());
            return ExitCode.OK;
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), e);
        }
    }

    private static int atLeast(int least, String option, Integer given, int otherwise) {
        int value = given == null ? otherwise : given;
        if (value < least) {
            throw new IllegalArgumentException(
                    "%s (%d) is below %d. Maybe leave it out?".formatted(option, value, least));
        }
        return value;
    }

    private void print(Map<String, Object> figures) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(figures));
        } else {
            figures.forEach((name, value) ->
                    out.printf("%-20s %s%n", name, value instanceof Double d ? "%.2f".formatted(d) : value));
        }
        out.flush();
    }
}
