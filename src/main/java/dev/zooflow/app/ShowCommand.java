package dev.zooflow.app;

import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow show}: the table of a run once more. */
@Command(name = "show", description = "Prints a run's table of scores.")
final class ShowCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private RunsDirOption runs;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its directory.")
    private String run = "";

    @Option(names = "--settings", description = "Every setting of its experiment, too.")
    private boolean settings;

    @Override
    public Integer call() {
        StoredRun found = runs.find(run);
        PrintWriter out = command.commandLine().getOut();
        out.printf("%s: %s%n", found.run(), found.status());
        if (settings) {
            found.settings().forEach((key, value) -> out.printf("%s = %s%n", key, value));
        }
        FinalTable.lines(found.scores(), List.of()).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }
}
