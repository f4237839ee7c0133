package dev.zooflow.app;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.zooflow.bench.BenchConfig;
import dev.zooflow.bench.BenchResult;
import dev.zooflow.bench.TrainStepBench;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Times the expensive parts of the mathematics on this machine. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Times the expensive parts of the mathematics on this machine.")
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(paramLabel = "WHAT", description = "What to time: train-step.")
    private String what = "";

    @Option(
            names = "--config",
            defaultValue = "wdbc",
            description = "wdbc, gaussian or mnist: architecture, width and batch. Default: ${DEFAULT-VALUE}.")
    private String config = "";

    @Option(names = "--batch", description = "Networks per step. Default: that of the configuration.")
    private Integer batch;

    @Option(names = "--steps", defaultValue = "30", description = "Counted steps. Default: ${DEFAULT-VALUE}.")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "5", description = "Steps before. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--json", description = "One JSON object instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (!what.equals("train-step")) {
            throw UserError.usage("benchmark (%s) is unknown. Maybe train-step?".formatted(what));
        }
        if (steps < 1 || warmUp < 0 || (batch != null && batch < 1)) {
            throw UserError.usage(
                    "--steps (%d), --warm-up (%d) and --batch (%s) must be positive".formatted(steps, warmUp, batch));
        }
        ExperimentSpec defaults = ExperimentFile.parse("");
        BenchConfig chosen = config(defaults);
        BenchResult result = TrainStepBench.run(batch == null ? chosen : chosen.withBatch(batch), warmUp, steps);
        print(result.figures());
        return 0;
    }

    private BenchConfig config(ExperimentSpec defaults) {
        try {
            return BenchConfig.named(config, defaults);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), e);
        }
    }

    private void print(Map<String, Object> figures) throws IOException {
        var out = command.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(figures));
            return;
        }
        figures.forEach((name, value) ->
                out.printf("%-20s %s%n", name, value instanceof Double d ? "%.2f".formatted(d) : value));
    }
}
