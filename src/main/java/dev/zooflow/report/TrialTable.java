package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlatKeys;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpec.Metric;
import dev.zooflow.message.Event.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The trials of a sweep: first those that came to their end, the best by the validation split first; then those that were
 * stopped early, the longest first. Each has the settings in which trials differ.
 */
public final class TrialTable {

    private static final int DECIMALS = 3;

    private record Trial(FlowSpec flow, Score score, double utility, String end) {}

    private final Metric metric;
    private final List<Trial> trials;
    private final List<String> keys;

    private TrialTable(RunRecord record, ExperimentSpec spec, Metric metric) {
        this.metric = metric;
        Map<String, String> stops = record.stopped();
        Comparator<Trial> stopped = Comparator.comparing(t -> !t.score().last());
        this.trials = spec.flows().stream()
                .flatMap(flow -> trial(flow, record, stops))
                .sorted(stopped.thenComparing(
                                t -> t.score().last() ? 0 : -t.score().step())
                        .thenComparing(t -> -t.utility()))
                .toList();
        this.keys = differing(spec);
    }

    /**
     * Rows of the table, its head first; empty where the experiment holds no sweep.
     *
     * @param most trials that are shown
     */
    public static List<List<String>> rows(RunRecord record, int most) {
        return record.spec()
                .flatMap(spec -> spec.sweep().map(s -> new TrialTable(record, spec, s.metric())))
                .map(table -> table.rows(most))
                .orElse(List.of());
    }

    /** The table of all trials. */
    static String html(RunRecord record) {
        List<List<String>> rows = rows(record, Integer.MAX_VALUE);
        if (rows.isEmpty()) {
            return "";
        }
        return "<table><thead>%s</thead><tbody>%s</tbody></table>"
                .formatted(
                        row(rows.get(0), "th"),
                        rows.stream().skip(1).map(row -> row(row, "td")).collect(Collectors.joining()));
    }

    private static String row(List<String> cells, String tag) {
        return cells.stream()
                .map(cell -> "<%s>%s</%s>".formatted(tag, Html.escape(cell), tag))
                .collect(Collectors.joining("", "<tr>", "</tr>"));
    }

    private Stream<Trial> trial(FlowSpec flow, RunRecord record, Map<String, String> stops) {
        String stop = stops.getOrDefault(flow.name(), "");
        return record.latest(flow.name()).filter(score -> score.last() || !stop.isEmpty()).stream()
                .flatMap(score -> metric.utility(score.values()).stream()
                        .mapToObj(utility -> new Trial(flow, score, utility, stop)));
    }

    private static List<String> differing(ExperimentSpec spec) {
        List<Map<String, Object>> flows =
                spec.flows().stream().map(FlatKeys::of).toList();
        return flows.get(0).keySet().stream()
                .filter(key -> !key.equals("name"))
                .filter(key -> flows.stream().map(f -> f.get(key)).distinct().count() > 1)
                .toList();
    }

    private List<List<String>> rows(int most) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head =
                new ArrayList<>(List.of("trial", metric.selection(), metric.name(), "accuracy", "nn ratio"));
        head.addAll(keys);
        boolean ends = trials.stream().anyMatch(t -> !t.end().isEmpty());
        if (ends) {
            head.add("end");
        }
        rows.add(head);
        trials.stream().limit(most).forEach(trial -> rows.add(row(trial, ends)));
        return rows;
    }

    private List<String> row(Trial trial, boolean ends) {
        Map<String, Object> settings = FlatKeys.of(trial.flow());
        List<String> row = new ArrayList<>(List.of(trial.flow().name()));
        Stream.of(metric.selection(), metric.name(), "accuracy_mean", "nn_ratio_mean")
                .map(key -> Numbers.of(trial.score(), key))
                .map(v -> v.isPresent() ? Numbers.decimal(v.getAsDouble(), DECIMALS) : Numbers.NONE)
                .forEach(row::add);
        keys.forEach(key -> row.add(String.valueOf(settings.get(key))));
        if (ends) {
            row.add(trial.end());
        }
        return row;
    }
}
