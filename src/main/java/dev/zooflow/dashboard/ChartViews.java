package dev.zooflow.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.dashboard.Trial.Checkpoint;
import dev.zooflow.dashboard.Trial.Scored;
import dev.zooflow.experiment.SweepSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What charts of the board are drawn from, as JSON: thinned curves and clouds. Thread-safe. */
final class ChartViews {

    /** Curves in one chart. */
    static final int MOST_CURVES = 16;

    static final int MOST_DOTS = 2_000;
    static final int MOST_LINES = 1_000;
    static final int MOST_LANES = 30;
    private static final int MOST_MARKS = 60;

    private final Board board;

    ChartViews(Board board) {
        this.board = board;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /**
     * Curves of a metric.
     *
     * @param keys {@code <run>/<stage>}; those that are not there are passed over
     * @param most points of each
     */
    ObjectNode curves(List<String> keys, String metric, int most) {
        ObjectNode view = object();
        view.put("metric", metric);
        Set<String> metrics = new TreeSet<>();
        ArrayNode curves = view.putArray("curves");
        for (String key : keys.subList(0, Math.min(MOST_CURVES, keys.size()))) {
            String[] parts = key.split("/", 2);
            if (parts.length == 2) {
                board.read(parts[0], run -> {
                    curve(run, parts[1], metric, most, metrics).ifPresent(points -> {
                        ObjectNode curve = curves.addObject();
                        curve.put("key", key);
                        curve.put("run", parts[0]);
                        curve.put("name", parts[1].substring(parts[1].indexOf('/') + 1));
                        curve.set("points", points);
                    });
                    return run;
                });
            }
        }
        metrics.forEach(view.putArray("metrics")::add);
        return view;
    }

    /** Points [step, seconds, value] of one stage; of a flow also what its checkpoints were scored with. */
    private static Optional<ArrayNode> curve(RunBoard run, String stage, String metric, int most, Set<String> metrics) {
        Optional<Stage> found = Optional.ofNullable(run.stages().get(stage));
        found.ifPresent(s -> metrics.addAll(s.curves().keySet()));
        Optional<Trial> trial =
                stage.startsWith("flow/") ? run.find(stage.substring("flow/".length())) : Optional.empty();
        ArrayNode points = JsonNodeFactory.instance.arrayNode();
        trial.ifPresent(t -> t.history().forEach(scored -> {
            metrics.addAll(scored.values().keySet());
            Optional.ofNullable(scored.values().get(metric)).ifPresent(v -> add(points, scored, v));
        }));
        found.flatMap(s -> Optional.ofNullable(s.curves().get(metric)))
                .ifPresent(curve -> curve.view(most)
                        .forEach(p ->
                                points.addArray().add(p.step()).add(p.seconds()).add(p.value())));
        return points.isEmpty() ? Optional.empty() : Optional.of(points);
    }

    private static void add(ArrayNode points, Scored scored, double value) {
        points.addArray().add(scored.step()).add(scored.seconds()).add(value);
    }

    /** Accuracy against novelty of all trials that match; of very many at most one in each small field of the chart. */
    ObjectNode scatter(Query query) {
        List<Row> rows = Row.all(board, query).stream()
                .filter(row ->
                        Double.isFinite(row.value("nn_ratio_mean")) && Double.isFinite(row.value("accuracy_mean")))
                .toList();
        ObjectNode view = object();
        view.put("total", rows.size());
        ArrayNode data = view.putArray("data");
        for (Row row : spread(rows, r -> r.value("nn_ratio_mean"), r -> r.value("accuracy_mean"))) {
            data.addArray()
                    .add((float) row.value("nn_ratio_mean"))
                    .add((float) row.value("accuracy_mean"))
                    .add(String.valueOf(row.cells().get("key")))
                    .add(String.valueOf(row.cells().get("status")));
        }
        ObjectNode beside = view.putObject("baselines");
        board.read(query.run(), run -> {
            run.baselines().forEach((group, values) -> {
                if (values.containsKey("nn_ratio_mean") && values.containsKey("accuracy_mean")) {
                    beside.putArray(group).add(values.get("nn_ratio_mean")).add(values.get("accuracy_mean"));
                }
            });
            return run;
        });
        return view;
    }

    private static List<Row> spread(List<Row> rows, ToDoubleFunction<Row> x, ToDoubleFunction<Row> y) {
        if (rows.size() <= MOST_DOTS) {
            return rows;
        }
        int side = (int) Math.sqrt(MOST_DOTS);
        int[] column = cells(rows.stream().mapToDouble(x).toArray(), side);
        int[] line = cells(rows.stream().mapToDouble(y).toArray(), side);
        Set<Integer> taken = new HashSet<>();
        return IntStream.range(0, rows.size())
                .filter(i -> taken.add(side * column[i] + line[i]))
                .mapToObj(rows::get)
                .toList();
    }

    private static int[] cells(double[] values, int side) {
        DoubleSummaryStatistics range = DoubleStream.of(values).summaryStatistics();
        double width = Math.max(range.getMax() - range.getMin(), Double.MIN_NORMAL);
        return DoubleStream.of(values)
                .mapToInt(v -> (int) Math.min(side - 1, side * (v - range.getMin()) / width))
                .toArray();
    }

    /** Settings and scores of all trials that match, a line each; of very many an even choice from the best to the worst. */
    ObjectNode parallel(Query query) {
        List<Row> all = Row.all(board, query).stream()
                .filter(row -> Double.isFinite(row.value("accuracy_mean")))
                .sorted(Comparator.comparingDouble((Row r) -> r.value("accuracy_mean"))
                        .reversed())
                .toList();
        List<Row> rows = evenly(all, MOST_LINES);
        List<String> axes = new ArrayList<>();
        Row.settings(all).forEach(key -> axes.add(Row.SETTING + key));
        axes.addAll(List.of("loss", "dispersion", "nn_ratio_mean"));
        Optional<SweepSpec.Metric> metric = Row.metric(all);
        metric.ifPresent(m -> axes.add(Row.METRIC));
        axes.add("accuracy_mean");
        axes.removeIf(
                axis -> all.stream().map(r -> r.cells().get(axis)).distinct().count() < 2);
        ObjectNode view = object();
        view.put("total", all.size());
        metric.ifPresent(m -> view.set("metric", TableViews.metric(m)));
        axes.forEach(view.putArray("axes")::add);
        ArrayNode data = view.putArray("data");
        for (Row row : rows) {
            ArrayNode line = data.addArray();
            line.add(String.valueOf(row.cells().get("key")));
            axes.forEach(axis -> {
                Object cell = row.cells().get(axis);
                if (cell instanceof Number n) {
                    line.add(n.doubleValue());
                } else {
                    line.add(cell == null ? null : cell.toString());
                }
            });
        }
        return view;
    }

    private static <E> List<E> evenly(List<E> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        double stride = (all.size() - 1) / (double) (most - 1);
        return IntStream.range(0, most)
                .mapToObj(i -> all.get((int) Math.round(i * stride)))
                .toList();
    }

    /** When the trials that match published checkpoints: those with the latest ones, a lane each. */
    ObjectNode timeline(Query query) {
        List<Row> rows = Row.all(board, query);
        ObjectNode view = object();
        ArrayNode lanes = view.putArray("data");
        board.read(all -> {
            List<Row> with = rows.stream()
                    .filter(row -> !row.trial().checkpoints().isEmpty())
                    .sorted(Comparator.comparingLong((Row row) -> newest(row).epochMillis())
                            .reversed())
                    .toList();
            view.put("total", with.size());
            with.stream().limit(MOST_LANES).forEach(row -> {
                ObjectNode lane = lanes.addObject();
                lane.put("key", String.valueOf(row.cells().get("key")));
                lane.put("name", row.trial().name());
                lane.put("run", row.run().run());
                ArrayNode marks = lane.putArray("checkpoints");
                for (Checkpoint c : evenly(row.trial().checkpoints(), MOST_MARKS)) {
                    marks.addArray()
                            .add(c.epochMillis())
                            .add(c.step())
                            .add(c.seconds())
                            .add(Double.isFinite(c.loss()) ? c.loss() : 0)
                            .add(c.label());
                }
            });
            return view;
        });
        return view;
    }

    private static Checkpoint newest(Row row) {
        List<Checkpoint> all = row.trial().checkpoints();
        return all.get(all.size() - 1);
    }
}
