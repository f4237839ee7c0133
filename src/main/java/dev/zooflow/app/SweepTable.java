package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlatKeys;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Event.Score;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The trials of a sweep, ranked by its metric, with the settings in which they differ. */
final class SweepTable {

    private static final int MOST = 10;

    private record Trial(FlowSpec flow, Score score, double value) {}

    private SweepTable() {}

    /** Lines of the table, the best trial first; empty where the experiment holds no sweep or no trial has the metric. */
    static List<String> lines(ExperimentSpec spec, List<Score> scores) {
        if (spec.sweep().isEmpty()) {
            return List.of();
        }
        SweepSpec.Metric metric = spec.sweep().get().metric();
        List<Trial> trials = trials(spec, scores, metric);
        if (trials.isEmpty()) {
            return List.of("no trial has a value %s, which the sweep ranks them by".formatted(metric.name()));
        }
        List<String> keys = FlatKeys.of(spec.flows().get(0)).keySet().stream()
                .filter(key -> !key.equals("name"))
                .filter(key -> spec.flows().stream()
                                .map(flow -> FlatKeys.of(flow).get(key))
                                .distinct()
                                .count()
                        > 1)
                .toList();
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("trial", metric.name(), "accuracy", "nn ratio"));
        head.addAll(keys);
        rows.add(head);
        trials.stream().limit(MOST).forEach(trial -> rows.add(row(trial, metric, keys)));
        return TextTable.lines(rows);
    }

    private static List<Trial> trials(ExperimentSpec spec, List<Score> scores, SweepSpec.Metric metric) {
        Comparator<Trial> ascending = Comparator.comparingDouble(Trial::value);
        return spec.flows().stream()
                .flatMap(flow -> scores.stream()
                        .filter(s -> s.group().equals("generated/" + flow.name()))
                        .filter(s -> Double.isFinite(s.values().getOrDefault(metric.name(), Double.NaN)))
                        .map(s -> new Trial(flow, s, s.values().get(metric.name()))))
                .sorted(metric.goal() == SweepSpec.Goal.MAXIMIZE ? ascending.reversed() : ascending)
                .toList();
    }

    private static List<String> row(Trial trial, SweepSpec.Metric metric, List<String> keys) {
        Optional<Score> score = Optional.of(trial.score());
        List<String> row = new ArrayList<>(List.of(
                trial.flow().name(),
                FinalTable.number(score, metric.name(), 3),
                FinalTable.number(score, "accuracy_mean", 3),
                FinalTable.number(score, "nn_ratio_mean", 2)));
        keys.forEach(key -> row.add(String.valueOf(FlatKeys.of(trial.flow()).get(key))));
        return row;
    }
}
