package dev.zooflow.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.zooflow.experiment.ExperimentFile;
import java.util.Locale;

/**
 * {@code run.json}: status, duration, provenance, the resolved experiment with every key, and what became of each task. The
 * last file to be written: where it says {@code completed}, all others are there.
 */
final class RunJson {

    private RunJson() {}

    static byte[] write(RunRecord record) {
        ObjectNode root = Json.object();
        root.put("run", record.run().value());
        root.put("status", record.outcome().status().name().toLowerCase(Locale.ROOT));
        root.put("seconds", record.outcome().seconds());
        ArrayNode failed = root.putArray("failed");
        record.outcome().failed().forEach(failed::add);
        ObjectNode provenance = root.putObject("provenance");
        record.provenance().forEach(provenance::put);
        record.spec()
                .ifPresentOrElse(
                        spec -> root.set("experiment", Json.parse(ExperimentFile.renderJson(spec))),
                        () -> root.put("experiment", record.experiment()));
        ArrayNode tasks = root.putArray("tasks");
        record.tasks().forEach(task -> tasks.add(task(task)));
        return Json.pretty(root);
    }

    private static ObjectNode task(TaskState task) {
        ObjectNode node = Json.object();
        node.put("task", task.task());
        node.put("role", task.role().id());
        node.put("status", task.status().name().toLowerCase(Locale.ROOT));
        node.put("attempts", task.attempts());
        node.put("worker", task.worker());
        node.put("seconds", task.seconds());
        if (!task.reason().isEmpty()) {
            node.put("reason", task.reason());
        }
        return node;
    }
}
