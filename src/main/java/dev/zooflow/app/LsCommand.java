package dev.zooflow.app;

import dev.zooflow.message.Event.Score;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code zooflow ls}: runs and the best flow of each. */
@Command(name = "ls", description = "Lists runs, the latest first, with the best flow of each.")
final class LsCommand implements Callable<Integer> {

    private static final List<String> VALUES = List.of("accuracy_mean", "nn_ratio_mean", "novel_performant_075");

    @Spec
    private CommandSpec command;

    @Mixin
    private RunsDirOption runs;

    @Option(names = "--json", description = "A JSON object for each run.")
    private boolean json;

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        List<StoredRun> found = runs.all();
        if (json) {
            found.forEach(run -> out.println(AbstractFleetCommand.write(row(run))));
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("run", "status", "started", "took", "best flow", "accuracy", "nn ratio", "novel+good"));
            found.forEach(run -> rows.add(cells(run)));
            TextTable.lines(rows).forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static List<String> cells(StoredRun run) {
        Optional<Score> best = run.best();
        return List.of(
                run.run().value(),
                run.status(),
                run.started().replaceFirst("T(\\d\\d:\\d\\d).*", " $1"),
                run.seconds() > 0 ? "%.0f s".formatted(run.seconds()) : "–",
                best.map(Score::group).orElse("–"),
                FinalTable.number(best, "accuracy_mean", 3),
                FinalTable.number(best, "nn_ratio_mean", 2),
                FinalTable.number(best, "novel_performant_075", 2));
    }

    private static Map<String, Object> row(StoredRun run) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("run", run.run().value());
        row.put("status", run.status());
        row.put("started", run.started());
        row.put("seconds", run.seconds());
        run.best().ifPresent(best -> {
            row.put("group", best.group());
            VALUES.forEach(key -> row.put(key, best.values().get(key)));
        });
        return row;
    }
}
