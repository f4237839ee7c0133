package dev.zooflow.app;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.Variant;
import dev.zooflow.report.BestNetworks;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow best}: the generated groups that are best by a metric. */
@Command(name = "best", description = "Ranks generated groups of some or all runs by a metric of scores.json.")
final class BestCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private RunsDirOption runs;

    @Parameters(index = "0..*", paramLabel = "RUN", description = "Ids of runs, or directories (default: all).")
    private List<String> names = List.of();

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            defaultValue = BestNetworks.METRIC,
            description =
                    "A value of scores.json, of the validation split where runs have that (default: ${DEFAULT-VALUE}).")
    private String metric;

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            description = "maximize or minimize (default: as the metric's name says, a loss is minimized).")
    private SweepSpec.@Nullable Goal goal;

    @Option(names = "--count", paramLabel = "N", defaultValue = "10", description = "So many (default: 10).")
    private int count;

    @Option(names = "--json", description = "A JSON object for each group.")
    private boolean json;

    @Override
    public Integer call() {
        List<StoredRun> searched =
                names.isEmpty() ? runs.all() : names.stream().map(runs::find).toList();
        SweepSpec.Metric wanted = SweepSpec.Metric.of(metric, goal);
        Ranking ranking = new Ranking(Ranking.known(wanted, searched), wanted.goal(), count);
        List<Ranking.Place> found = ranking.of(searched);
        if (found.isEmpty()) {
            throw UserError.usage("metric (%s) is known of no generated group. Maybe one of %s?"
                    .formatted(metric, String.join(", ", known(searched))));
        }
        PrintWriter out = command.commandLine().getOut();
        warnOfOthers(searched, ranking);
        if (json) {
            found.forEach(f -> out.println(AbstractFleetCommand.write(object(f))));
        } else {
            ranking.lines(found).forEach(out::println);
        }
        out.flush();
        return ExitCode.OK;
    }

    /** Runs of earlier versions have no values on the validation split. */
    private void warnOfOthers(List<StoredRun> searched, Ranking ranking) {
        long others = searched.stream()
                .filter(run -> run.best().isPresent())
                .filter(run -> ranking.of(List.of(run)).isEmpty())
                .count();
        if (others > 0) {
            command.commandLine().getErr().printf("%d runs have no %s and are left out%n", others, ranking.metric());
        }
    }

    private static List<String> known(List<StoredRun> searched) {
        return searched.stream()
                .flatMap(run -> run.scores().stream())
                .flatMap(score -> score.values().keySet().stream())
                .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
    }

    private static Map<String, Object> object(Ranking.Place found) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("run", found.run().run().value());
        if (!found.values().isEmpty()) {
            object.put(Variant.EACH, found.values());
        }
        object.put("group", found.score().group());
        object.putAll(found.score().values());
        return object;
    }
}
