package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Event.Score;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * {@code scores.json}: {@code {"run": …, "status": …, "rows": [{"group": …, "n": …, "accuracy_mean": …, …}]}}, one row for
 * the final score of each group, all keys flat, snake_case. A value that is not known or not finite is null. Figures of
 * others that the experiment quotes stand under {@code published}, never among the rows, and trials that were stopped early, as
 * their last checkpoint was scored, under {@code stopped}, with its {@code step} and the {@code reason}; how much a sweep
 * that stops trials has trained of its budget, under {@code sweep}.
 */
final class ScoresJson {

    /** Keys that every row has, in this order; further values follow by name. */
    static final List<String> KEYS = Stream.concat(
                    SweepSpec.Metric.NAMES.stream(),
                    Stream.of("bma_accuracy_1", "bma_accuracy_16", "bma_nll_16", "bma_ece_16", "gradient_steps"))
            .toList();

    private ScoresJson() {}

    static byte[] write(RunRecord record) {
        ObjectNode root = Json.object();
        root.put("run", record.run().value());
        root.put("status", record.outcome().status().name().toLowerCase(Locale.ROOT));
        ArrayNode rows = root.putArray("rows");
        record.scores().forEach(score -> rows.add(row(score)));
        ArrayNode stopped = root.putArray("stopped");
        record.stopped()
                .forEach((flow, reason) -> record.latest(flow).ifPresent(score -> {
                    ObjectNode row = row(score);
                    row.put("step", score.step());
                    row.put("reason", reason);
                    stopped.add(row);
                }));
        SweepEffort.of(record).ifPresent(effort -> root.set("sweep", effort.json()));
        ArrayNode published = root.putArray("published");
        Published.of(record).forEach(p -> published.add(Published.json(p)));
        return Json.pretty(root);
    }

    /** One row. */
    static ObjectNode row(Score score) {
        ObjectNode row = Json.object();
        row.put("group", score.group());
        row.put("n", score.n());
        Map<String, Double> others = new TreeMap<>(score.values());
        for (String key : KEYS) {
            Double value = others.remove(key);
            Json.put(row, key, value == null ? Double.NaN : value);
        }
        others.keySet().removeAll(List.of("group", "n"));
        others.forEach((key, value) -> Json.put(row, key, value));
        return row;
    }
}
