package dev.zooflow.dashboard;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.report.TaskState;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A trial as a row of the table.
 *
 * @param run whose trial it is
 * @param trial itself
 * @param metric that ranks the trials of the run
 * @param cells by key: numbers that are finite, or text; settings as {@code p.<key>}
 */
record Row(RunBoard run, Trial trial, SweepSpec.Metric metric, Map<String, Object> cells) {

    /** What begins the keys of settings. */
    static final String SETTING = "p.";

    /** Key of the value on the validation split that ranks trials. */
    static final String METRIC = "metric";

    private static final int MOST_SETTINGS = 12;

    private static final List<String> ORDER =
            List.of("training", "scoring", "queued", "failed", "stopped", "unfinished", "done");

    /** Cells of the score that the table shows. */
    private static final List<String> SCORES =
            List.of("accuracy_mean", "nn_ratio_mean", "dispersion", "copy_rate", "novel_performant_075");

    static Row of(RunBoard run, Trial trial) {
        SweepSpec.Metric metric = run.plan().metric();
        Map<String, Object> cells = new LinkedHashMap<>();
        cells.put("key", run.run() + "/flow/" + trial.name());
        cells.put("trial", trial.name());
        cells.put("run", run.run());
        cells.put("status", run.status(trial));
        cells.put("ranked_by", metric.selection());
        Optional<Stage> stage = run.stage(trial);
        stage.ifPresent(s -> {
            cells.put("step", s.step());
            number(cells, "seconds", s.seconds());
            number(cells, "progress", s.progress());
            Optional.ofNullable(s.curves().get("loss"))
                    .flatMap(BoundedCurve::latest)
                    .ifPresent(p -> number(cells, "loss", p.value()));
        });
        trial.latest().ifPresent(scored -> {
            metric.utility(scored.values()).ifPresent(value -> number(cells, METRIC, metric.utility(value)));
            SCORES.forEach(key -> number(cells, key, scored.values().getOrDefault(key, Double.NaN)));
            if (stage.isEmpty()) {
                cells.put("step", scored.step());
                number(cells, "seconds", scored.seconds());
            }
        });
        cells.put("checkpoints", trial.published());
        run.training(trial).map(TaskState::attempts).ifPresent(n -> cells.put("attempts", n));
        String reason = run.reason(trial);
        if (!reason.isEmpty()) {
            cells.put("reason", reason);
        }
        settings(cells, run.plan().series());
        settings(cells, trial.parameters());
        return new Row(run, trial, metric, cells);
    }

    private static void settings(Map<String, Object> cells, Map<String, Object> settings) {
        settings.forEach((key, value) -> cells.put(SETTING + key, value instanceof Number ? value : value.toString()));
    }

    /** Trials that match a query, in its order. */
    static List<Row> all(Board board, Query query) {
        return board.read(all -> all.values().stream()
                .filter(run -> query.run().isEmpty() || query.run().equals(run.run()))
                .flatMap(run -> run.trials().stream().map(trial -> Row.of(run, trial)))
                .filter(row -> row.matches(query))
                .sorted(Row.order(query))
                .toList());
    }

    /** Keys of the settings in which trials of a run, or runs of a series, differ; the first of very many. */
    static List<String> settings(List<Row> rows) {
        return rows.stream()
                .flatMap(row -> row.cells().keySet().stream())
                .filter(key -> key.startsWith(SETTING))
                .map(key -> key.substring(SETTING.length()))
                .distinct()
                .sorted()
                .limit(MOST_SETTINGS)
                .toList();
    }

    /** What ranks all of these trials; empty where they differ in it. */
    static Optional<SweepSpec.Metric> metric(List<Row> rows) {
        List<SweepSpec.Metric> all = rows.stream().map(Row::metric).distinct().toList();
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    private static void number(Map<String, Object> cells, String key, double value) {
        if (Double.isFinite(value)) {
            cells.put(key, value);
        }
    }

    boolean matches(Query query) {
        return (query.run().isEmpty() || query.run().equals(run.run()))
                && (query.status().isEmpty() || query.status().equals(cells.get("status")))
                && (query.text().isEmpty() || cells.entrySet().stream().anyMatch(cell -> holds(cell, query.text())));
    }

    private static boolean holds(Map.Entry<String, Object> cell, String text) {
        String key = cell.getKey();
        boolean setting = key.startsWith(SETTING);
        String shown = String.valueOf(cell.getValue()).toLowerCase(Locale.ROOT);
        return setting
                ? "%s=%s".formatted(key.substring(SETTING.length()), shown).contains(text)
                : List.of("trial", "run", "status").contains(key) && shown.contains(text);
    }

    double value(String key) {
        return cells.get(key) instanceof Number n ? n.doubleValue() : Double.NaN;
    }

    /** The order that a query wants. */
    static Comparator<Row> order(Query query) {
        Comparator<Row> usual = Comparator.<Row>comparingInt(
                        r -> ORDER.indexOf(String.valueOf(r.cells().get("status"))))
                .thenComparing(r -> r.cells().get("accuracy_mean"), cells(true))
                .thenComparing(r -> r.run().submitted(), Comparator.reverseOrder());
        return query.sort().isEmpty()
                ? usual
                : Comparator.<Row, @Nullable Object>comparing(
                                r -> r.cells().get(query.sort()), cells(query.descending()))
                        .thenComparing(usual);
    }

    /** Numbers before text, what is missing at the end. */
    private static Comparator<@Nullable Object> cells(boolean descending) {
        Comparator<Object> present = (a, b) -> a instanceof Number x && b instanceof Number y
                ? Double.compare(x.doubleValue(), y.doubleValue())
                : a instanceof Number
                        ? -1
                        : b instanceof Number ? 1 : a.toString().compareTo(b.toString());
        return Comparator.nullsLast(descending ? present.reversed() : present);
    }
}
