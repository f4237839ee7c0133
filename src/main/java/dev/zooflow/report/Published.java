package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.Publication;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Figures that others published, as an experiment quotes them. */
final class Published {

    private Published() {}

    /** All of a run, in the order of the experiment. */
    static List<Publication> of(RunRecord record) {
        return record.spec().map(s -> s.published()).orElse(List.of());
    }

    /** Those of one group. */
    static Stream<Publication> of(RunRecord record, String group) {
        return of(record).stream().filter(p -> p.group().equals(group));
    }

    /** Its figures, under the names that ours have. */
    static Map<String, Double> values(Publication p) {
        Map<String, Double> values = new LinkedHashMap<>();
        p.accuracy().ifPresent(v -> values.put("accuracy_mean", v));
        p.accuracyStd().ifPresent(v -> values.put("accuracy_std", v));
        p.loss().ifPresent(v -> values.put("loss_mean", v));
        p.lossStd().ifPresent(v -> values.put("loss_std", v));
        return values;
    }

    static ObjectNode json(Publication p) {
        ObjectNode node = Json.object();
        node.put("group", p.group());
        node.put("label", p.label());
        values(p).forEach((key, value) -> Json.put(node, key, value));
        node.put("source", p.source());
        return node;
    }
}
