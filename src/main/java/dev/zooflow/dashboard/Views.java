package dev.zooflow.dashboard;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.dashboard.Board.DeadLetter;
import dev.zooflow.dashboard.Board.Worker;
import dev.zooflow.dashboard.Trial.Checkpoint;
import dev.zooflow.dashboard.Trial.Scored;
import dev.zooflow.message.RunEvent.RunCompleted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The board as JSON, each view of bounded size: pages of tables, thinned curves and clouds. Thread-safe. */
final class Views {

    /** Runs of the list; older ones are reached by their name. */
    static final int MOST_RUNS = 200;

    /** Curves in one chart. */
    static final int MOST_CURVES = 16;

    static final int MOST_DOTS = 2_000;
    static final int MOST_LINES = 1_000;
    private static final int MOST_LANES = 30;
    private static final int MOST_MARKS = 60;
    private static final int MOST_SETTINGS = 12;

    private static final int MISSED_BEATS = 4;
    private static final long GONE_MILLIS = 3_600_000;

    private final Board board;

    Views(Board board) {
        this.board = board;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    // ---------------------------------------------------------------- numbers

    /** How many runs, trials, workers and letters there are, by state. */
    ObjectNode counts(long now) {
        ObjectNode counts = object();
        board.read(all -> {
            Map<String, Integer> runs = new TreeMap<>();
            Map<String, Integer> trials = new TreeMap<>();
            all.values().forEach(run -> {
                runs.merge(run.status(), 1, Integer::sum);
                run.trials().forEach(trial -> trials.merge(run.status(trial), 1, Integer::sum));
            });
            runs.forEach(counts.putObject("runs")::put);
            trials.forEach(counts.putObject("trials")::put);
            return counts;
        });
        List<Worker> workers = List.copyOf(board.workers().values());
        counts.put("workers", workers.stream().filter(w -> alive(w, now)).count());
        counts.put(
                "letters",
                board.letters().values().stream().filter(l -> !l.replayed()).count());
        counts.put("dropped", board.dropped());
        return counts;
    }

    // ---------------------------------------------------------------- tables

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
        run.trials().stream()
                .filter(t -> t.latest().isPresent())
                .max(Comparator.comparingDouble(
                        t -> t.latest().get().values().getOrDefault("accuracy_mean", Double.NEGATIVE_INFINITY)))
                .ifPresent(best -> {
                    row.put("best", best.name());
                    put(row, "accuracy_mean", best.latest().get().values().get("accuracy_mean"));
                    put(row, "nn_ratio_mean", best.latest().get().values().get("nn_ratio_mean"));
                });
        return row;
    }

    private List<Row> rows(Query query) {
        return board.read(all -> all.values().stream()
                .filter(run -> query.run().isEmpty() || query.run().equals(run.run()))
                .flatMap(run -> run.trials().stream().map(trial -> Row.of(run, trial)))
                .filter(row -> row.matches(query))
                .sorted(Row.order(query))
                .toList());
    }

    /** A page of trials, with the settings in which some of all that match differ. */
    ObjectNode trials(Query query) {
        List<Row> rows = rows(query);
        ObjectNode view = object();
        view.put("total", rows.size());
        view.put("last_page", Math.max(1, (rows.size() + query.size() - 1) / query.size()));
        settings(rows).forEach(view.putArray("settings")::add);
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

    private static List<String> settings(List<Row> rows) {
        Set<String> keys = new TreeSet<>();
        rows.forEach(row -> keys.addAll(row.trial().parameters().keySet()));
        return keys.stream().limit(MOST_SETTINGS).toList();
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

    // ---------------------------------------------------------------- charts

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
        List<Row> rows = rows(query).stream()
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
        List<Row> all = rows(query).stream()
                .filter(row -> Double.isFinite(row.value("accuracy_mean")))
                .sorted(Comparator.comparingDouble((Row r) -> r.value("accuracy_mean"))
                        .reversed())
                .toList();
        List<Row> rows = evenly(all, MOST_LINES);
        List<String> axes = new ArrayList<>();
        settings(all).forEach(key -> axes.add(Row.SETTING + key));
        axes.addAll(List.of("loss", "dispersion", "nn_ratio_mean", "accuracy_mean"));
        axes.removeIf(
                axis -> all.stream().map(r -> r.cells().get(axis)).distinct().count() < 2);
        ObjectNode view = object();
        view.put("total", all.size());
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
        List<Row> rows = rows(query);
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

    // ---------------------------------------------------------------- fleet

    /** Workers that told of themselves within the last hour, the living first. */
    ObjectNode workers(long now) {
        ObjectNode view = object();
        ArrayNode data = view.putArray("data");
        board.workers().values().stream()
                .filter(w -> now - w.epochMillis() < GONE_MILLIS)
                .sorted(Comparator.comparing((Worker w) -> !alive(w, now))
                        .thenComparing(w -> w.beat().worker())
                        .thenComparing(w -> w.beat().role()))
                .forEach(w -> {
                    ObjectNode row = data.addObject();
                    row.put("worker", w.beat().worker());
                    row.put("host", w.beat().worker().split("/", 2)[0]);
                    row.put("role", w.beat().role().id());
                    row.put("device", w.beat().device());
                    row.put("task", w.beat().task());
                    row.put("step", w.beat().step());
                    row.put("rate", w.beat().rate());
                    row.put("resident_mib", w.beat().residentMib());
                    row.put("beat", w.epochMillis());
                    row.put("alive", alive(w, now));
                });
        return view;
    }

    private static boolean alive(Worker worker, long now) {
        return now - worker.epochMillis()
                <= 1_000 * MISSED_BEATS * worker.beat().interval();
    }

    /** Dead letters, the latest first. */
    ObjectNode letters() {
        ObjectNode view = object();
        ArrayNode data = view.putArray("data");
        List<DeadLetter> letters = new ArrayList<>(board.letters().values());
        Collections.reverse(letters);
        for (DeadLetter letter : letters) {
            ObjectNode row = data.addObject();
            row.put("id", letter.id());
            row.put("time", letter.epochMillis());
            row.put("type", letter.type());
            row.put("reason", letter.reason());
            row.put("replayed", letter.replayed());
        }
        return view;
    }

    /** Keys of the parameters in a request and their values, in the order in which they were written. */
    static Map<String, List<String>> parameters(Map<String, ? extends Iterable<String>> raw) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        raw.forEach((name, values) -> {
            List<String> list = new ArrayList<>();
            values.forEach(list::add);
            if (!list.isEmpty()) {
                parameters.put(name, list);
            }
        });
        return parameters;
    }
}
