package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.message.Event.LossBarriers;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The numbers behind the charts of the report, as JSON for the page's script. */
final class ChartData {

    /** Points of a curve that a screen can show; longer curves are thinned evenly. */
    private static final int MAX_POINTS = 800;

    private ChartData() {}

    static ObjectNode of(RunRecord record) {
        ObjectNode root = Json.object();
        root.put("run", record.run().value());
        ArrayNode flows = root.putArray("flows");
        flowsOf(record).forEach(flows::add);
        ObjectNode curves = root.putObject("curves");
        record.metrics().forEach((stage, points) -> curves.set(stage, curve(points)));
        ObjectNode history = root.putObject("history");
        record.history().forEach((flow, scores) -> history.set(flow, history(scores)));
        ArrayNode groups = root.putArray("groups");
        record.scores().stream()
                .filter(score -> !Groups.isTransfer(score.group()))
                .forEach(score -> groups.add(group(score)));
        ArrayNode barriers = root.putArray("barriers");
        record.barriers().forEach(b -> barriers.add(barriers(b)));
        ArrayNode sweeps = root.putArray("sweeps");
        record.spec().ifPresent(spec -> OneChange.of(spec).forEach(s -> add(sweeps, s, record)));
        root.set("weights", WeightPictures.of(record));
        return root;
    }

    /** {@code {key, curves: [{name, points: {accuracy_mean: [[x, y] …], …}}]}}; nothing where fewer than two are scored. */
    private static void add(ArrayNode sweeps, OneChange change, RunRecord record) {
        ObjectNode node = Json.object();
        node.put("key", change.key());
        ArrayNode curves = node.putArray("curves");
        change.curves().forEach((name, groups) -> {
            ObjectNode points = Json.object();
            for (String what : List.of("accuracy_mean", "loss_mean", "nn_ratio_mean")) {
                ArrayNode curve = points.putArray(what);
                groups.forEach((x, group) -> record.score(group)
                        .map(score -> Numbers.of(score, what))
                        .ifPresent(y -> y.ifPresent(v -> curve.add(Json.curve(x, v)))));
            }
            if (points.get("accuracy_mean").size() > 1) {
                ObjectNode curve = curves.addObject();
                curve.put("name", name);
                curve.set("points", points);
            }
        });
        if (!curves.isEmpty()) {
            sweeps.add(node);
        }
    }

    /** Flows in the experiment's order, and any that only the events know. */
    private static List<String> flowsOf(RunRecord record) {
        List<String> known = record.spec().stream()
                .flatMap(s -> s.flows().stream())
                .map(f -> f.name())
                .toList();
        TreeSet<String> others = new TreeSet<>(record.history().keySet());
        others.addAll(record.scoredFlows());
        known.forEach(others::remove);
        return Stream.concat(known.stream(), others.stream()).toList();
    }

    private static ObjectNode curve(List<MetricPoint> all) {
        List<MetricPoint> points = Curve.thinned(all, MAX_POINTS);
        ObjectNode node = Json.object();
        node.set(
                "step",
                Json.curve(points.stream().mapToDouble(MetricPoint::step).toArray()));
        node.set(
                "seconds",
                Json.curve(points.stream().mapToDouble(MetricPoint::seconds).toArray()));
        TreeSet<String> names = new TreeSet<>();
        points.forEach(p -> names.addAll(p.values().keySet()));
        ObjectNode values = node.putObject("values");
        for (String name : names) {
            values.set(
                    name,
                    Json.curve(points.stream()
                            .mapToDouble(p -> p.values().getOrDefault(name, Double.NaN))
                            .toArray()));
        }
        return node;
    }

    private static ObjectNode history(List<Score> scores) {
        ObjectNode node = Json.object();
        node.set("step", Json.curve(scores.stream().mapToDouble(Score::step).toArray()));
        node.set(
                "seconds",
                Json.curve(scores.stream().mapToDouble(Score::seconds).toArray()));
        node.set("n", Json.curve(scores.stream().mapToDouble(Score::n).toArray()));
        for (String key : List.of("accuracy_mean", "accuracy_std", "nn_ratio_mean", "dispersion")) {
            node.set(
                    key,
                    Json.curve(scores.stream()
                            .mapToDouble(s -> Numbers.of(s, key).orElse(Double.NaN))
                            .toArray()));
        }
        return node;
    }

    private static ObjectNode group(Score score) {
        ObjectNode node = Json.object();
        node.put("group", score.group());
        node.put("n", score.n());
        for (String key : List.of("accuracy_mean", "accuracy_std", "loss_mean", "nn_ratio_mean")) {
            Json.put(node, key, Numbers.of(score, key).orElse(Double.NaN));
        }
        for (String key : List.of("accuracy", "nn_ratio", "weight_mean", "weight_value", "weight_density")) {
            node.set(key, Json.curve(score.series().getOrDefault(key, new double[0])));
        }
        node.set("averaging", averaging(score));
        return node;
    }

    /**
     * Model averaging over n networks: the series {@code bma_<what>} over 1, 2, 4, … networks and the values
     * {@code bma_<what>_<n>}.
     */
    private static ObjectNode averaging(Score score) {
        ObjectNode node = Json.object();
        for (String what : List.of("accuracy", "nll", "ece")) {
            ArrayNode points = node.putArray(what);
            byCount(score, "bma_" + what + "_").forEach((n, value) -> points.add(Json.curve(n, value)));
        }
        return node;
    }

    private static Map<Integer, Double> byCount(Score score, String prefix) {
        Map<Integer, Double> out = new TreeMap<>();
        double[] series = score.series().getOrDefault(prefix.substring(0, prefix.length() - 1), new double[0]);
        for (int i = 0; i < Math.min(series.length, 20); i++) {
            out.put(1 << i, series[i]);
        }
        score.values().forEach((key, value) -> {
            if (key.startsWith(prefix) && key.substring(prefix.length()).matches("\\d{1,6}")) {
                out.put(Integer.parseInt(key.substring(prefix.length())), value);
            }
        });
        return out;
    }

    private static ObjectNode barriers(LossBarriers barriers) {
        ObjectNode node = Json.object();
        node.put("variant", barriers.variant());
        Json.put(node, "mean", barriers.mean());
        Json.put(node, "std", barriers.std());
        ArrayNode rows = node.putArray("barrier");
        Arrays.stream(barriers.barrier()).forEach(row -> rows.add(Json.curve(row)));
        return node;
    }
}
