package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.Variant;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow validate}: whether a file is an experiment, and what it would do. */
@Command(
        name = "validate",
        description = "Checks an experiment file and prints the resolved experiment and what it will do. Runs nothing.")
final class ValidateCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "FILE", description = "The experiment.")
    private Path file;

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Values above the file's.")
    private List<String> overrides = List.of();

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        for (Variant variant : ExperimentFile.loadAll(file, overrides, List.of())) {
            if (!variant.values().isEmpty()) {
                out.printf("# %s%n", variant.label());
            }
            out.println(ExperimentFile.render(variant.spec()).strip());
            out.println();
            out.print(ExperimentPlan.describe(variant.spec()));
        }
        out.flush();
        return ExitCode.OK;
    }
}
