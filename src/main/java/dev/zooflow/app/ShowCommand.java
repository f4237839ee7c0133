package dev.zooflow.app;

import dev.zooflow.message.Event.Score;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Option(
            names = "--json",
            description =
                    "One JSON object: run, status, started, seconds, provenance, settings, and scores as in scores.json.")
    private boolean json;

    @Override
    public Integer call() {
        StoredRun found = runs.find(run);
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(AbstractFleetCommand.write(object(found)));
            out.flush();
            return ExitCode.OK;
        }
        out.printf("%s: %s%n", found.run(), found.status());
        if (settings) {
            found.settings().forEach((key, value) -> out.printf("%s = %s%n", key, value));
        }
        FinalTable.lines(found.scores(), List.of()).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    private static Map<String, Object> object(StoredRun run) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("run", run.run().value());
        object.put("status", run.status());
        object.put("started", run.started());
        object.put("seconds", run.seconds());
        object.put("provenance", run.provenance());
        object.put("settings", run.settings());
        object.put("scores", run.scores().stream().map(ShowCommand::row).toList());
        return object;
    }

    private static Map<String, Object> row(Score score) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("group", score.group());
        row.put("n", score.n());
        row.putAll(score.values());
        return row;
    }
}
