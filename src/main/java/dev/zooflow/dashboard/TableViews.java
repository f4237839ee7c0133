package dev.zooflow.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.RunEvent.RunCompleted;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs and trials of the board as JSON, a page of bounded size. Thread-safe. */
final class TableViews {

    /** Runs of the list; older ones are reached by their name. */
    static final int MOST_RUNS = 200;

    /** Decides between trials that are equal by what ranks them. */
    private static final SweepSpec.Metric ACCURACY = new SweepSpec.Metric("accuracy_mean", SweepSpec.Goal.MAXIMIZE);

    private final Board board;

    TableViews(Board board) {
        this.board = board;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** Runs, the latest first. */
    ObjectNode runs() {
        ObjectNode view = object();
        ArrayNode rows = view.putArray("data");
        board.read(all -> {
            view.put("total", all.size());
            all.values().stream()
                    .sorted(Comparator.comparingLong(RunBoard::submitted)
                            .reversed()
                            .thenComparing(RunBoard::run))
                    .limit(MOST_RUNS)
                    .forEach(run -> rows.add(run(run)));
            return rows;
        });
        return view;
    }

    private static ObjectNode run(RunBoard run) {
        ObjectNode row = object();
        row.put("run", run.run());
        row.put("status", run.status());
        row.put("submitted", run.submitted());
        row.put("seconds", run.over().map(RunCompleted::seconds).orElse(0.0));
        Map<String, Integer> states = new TreeMap<>();
        run.trials().forEach(trial -> states.merge(run.status(trial), 1, Integer::sum));
        states.forEach(row.putObject("trials")::put);
        ObjectNode tasks = row.putObject("tasks");
        run.tasks().counts().forEach((status, n) -> tasks.put(status.name().toLowerCase(Locale.ROOT), n));
        SweepSpec.Metric metric = run.plan().metric();
        run.trials().stream()
                .filter(t -> t.latest().isPresent())
                .max(Comparator.<Trial>comparingDouble(t -> utility(metric, t))
                        .thenComparingDouble(t -> utility(ACCURACY, t)))
                .ifPresent(best -> {
                    row.put("best", best.name());
                    row.put("ranked_by", metric.selection());
                    put(row, "accuracy_mean", best.latest().get().values().get("accuracy_mean"));
                    put(row, "nn_ratio_mean", best.latest().get().values().get("nn_ratio_mean"));
                });
        return row;
    }

    private static double utility(SweepSpec.Metric metric, Trial trial) {
        double value = trial.latest()
                .map(scored -> SweepSpec.Metric.selecting(scored.values(), metric.name()))
                .orElse(Double.NaN);
        return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : metric.utility(value);
    }

    /** A page of trials, with the settings in which some of all that match differ. */
    ObjectNode trials(Query query) {
        List<Row> rows = Row.all(board, query);
        ObjectNode view = object();
        view.put("total", rows.size());
        view.put("last_page", Math.max(1, (rows.size() + query.size() - 1) / query.size()));
        Row.settings(rows).forEach(view.putArray("settings")::add);
        Row.metric(rows).ifPresent(metric -> view.set("metric", metric(metric)));
        ArrayNode data = view.putArray("data");
        rows.stream()
                .skip((query.page() - 1L) * query.size())
                .limit(query.size())
                .forEach(row -> {
                    ObjectNode cells = data.addObject();
                    row.cells().forEach((key, value) -> put(cells, key, value));
                });
        return view;
    }

    /** A metric by its name and what is good of it. */
    static ObjectNode metric(SweepSpec.Metric metric) {
        return object().put("name", metric.name())
                .put("goal", metric.goal().name().toLowerCase(Locale.ROOT));
    }

    private static void put(ObjectNode node, String key, @Nullable Object value) {
        if (value instanceof Double d) {
            if (Double.isFinite(d)) {
                node.put(key, d);
            }
        } else if (value instanceof Number n) {
            node.put(key, n.longValue());
        } else if (value != null) {
            node.put(key, value.toString());
        }
    }
}
