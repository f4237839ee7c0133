package dev.zooflow.app;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event.Score;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow best}: the generated groups that are best by a metric. */
@Command(name = "best", description = "Ranks generated groups of some or all runs by a metric of scores.json.")
final class BestCommand implements Callable<Integer> {

    private record Found(StoredRun run, Score score, double value) {}

    @Spec
    private CommandSpec command;

    @Mixin
    private RunsDirOption runs;

    @Parameters(index = "0..*", paramLabel = "RUN", description = "Ids of runs, or directories (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = "novel_performant_075",
            description = "A value of scores.json (default: ${DEFAULT-VALUE}).")
    private String metric;

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            defaultValue = "maximize",
            description = "maximize or minimize (default: ${DEFAULT-VALUE}).")
    private SweepSpec.Goal goal;

    @Option(names = "--count", paramLabel = "N", defaultValue = "10", description = "So many (default: 10).")
    private int count;

    @Option(names = "--json", description = "A JSON object for each group.")
    private boolean json;

    @Override
    public Integer call() {
        List<StoredRun> searched =
                names.isEmpty() ? runs.all() : names.stream().map(runs::find).toList();
        List<Found> found = ranked(searched);
        if (found.isEmpty()) {
            throw UserError.usage("metric (%s) is known of no generated group. Maybe one of %s?"
                    .formatted(metric, String.join(", ", known(searched))));
        }
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            found.forEach(f -> out.println(AbstractFleetCommand.write(object(f))));
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("run", "group", metric, "accuracy", "nn ratio"));
            found.forEach(f -> rows.add(List.of(
                    f.run().run().value(),
                    f.score().group(),
                    FinalTable.number(Optional.of(f.score()), metric, 4),
                    FinalTable.number(Optional.of(f.score()), "accuracy_mean", 3),
                    FinalTable.number(Optional.of(f.score()), "nn_ratio_mean", 2))));
            TextTable.lines(rows).forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }

    private List<Found> ranked(List<StoredRun> searched) {
        Comparator<Found> ascending = Comparator.comparingDouble(Found::value);
        return searched.stream()
                .flatMap(run -> run.scores().stream()
                        .filter(score -> score.group().startsWith("generated/"))
                        .filter(score -> score.values().containsKey(metric))
                        .map(score -> new Found(run, score, score.values().get(metric))))
                .sorted(goal == SweepSpec.Goal.MAXIMIZE ? ascending.reversed() : ascending)
                .limit(count)
                .toList();
    }

    private static List<String> known(List<StoredRun> searched) {
        return searched.stream()
                .flatMap(run -> run.scores().stream())
                .flatMap(score -> score.values().keySet().stream())
                .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
    }

    private Map<String, Object> object(Found found) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("run", found.run().run().value());
        object.put("group", found.score().group());
        object.putAll(found.score().values());
        return object;
    }
}
