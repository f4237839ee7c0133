package dev.zooflow.app;

import dev.zooflow.experiment.RunId;
import dev.zooflow.kafka.Cluster;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkerHeartbeat;
import dev.zooflow.report.TaskState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code zooflow status}: what the fleet does. */
@Command(
        name = "status",
        description = {
            "Prints runs, workers with their latest heartbeat, and how many tasks wait for each role;",
            "with RUN, where each task of that run stands."
        })
final class StatusCommand extends AbstractFleetCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "RUN", description = "The run's id (default: all runs).")
    private @Nullable String run;

    @Override
    int perform(Wires wires) {
        Map<String, Object> status = run == null ? fleet(wires) : ofRun(Ledger.of(run(run), wires));
        if (json()) {
            out().println(write(status));
        } else {
            status.forEach(this::print);
        }
        return ExitCode.OK;
    }

    private Map<String, Object> fleet(Wires wires) {
        Map<String, Object> status = new LinkedHashMap<>();
        Map<RunId, Ledger> runs = Ledger.all(wires);
        status.put("runs", runs.values().stream().map(StatusCommand::summary).toList());
        status.put("workers", workers(wires));
        try (Cluster cluster = new Cluster(kafka())) {
            Map<String, Long> lag = new LinkedHashMap<>();
            cluster.lag().forEach((role, waiting) -> lag.put(role.id(), waiting));
            status.put("lag", List.of(lag));
        }
        return status;
    }

    private static Map<String, Object> summary(Ledger ledger) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("run", ledger.run().value());
        row.put("status", ledger.status());
        row.put("tasks", ledger.counts());
        row.put("fenced", ledger.fenced());
        row.put("stuck", ledger.stuck());
        return row;
    }

    private static Map<String, Object> ofRun(Ledger ledger) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("runs", List.of(summary(ledger)));
        status.put("tasks", ledger.tasks().stream().map(StatusCommand::row).toList());
        return status;
    }

    private static Map<String, Object> row(TaskState task) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("task", task.task());
        row.put("role", task.role().id());
        row.put("status", task.status().name().toLowerCase(Locale.ROOT));
        row.put("attempts", task.attempts());
        row.put("worker", task.worker());
        row.put("seconds", task.seconds());
        row.put("reason", task.reason());
        return row;
    }

    private static List<Map<String, Object>> workers(Wires wires) {
        Map<String, Recorded> latest = new TreeMap<>();
        wires.log()
                .replay(
                        WorkerHeartbeat.FLEET,
                        Topic.WORKERS,
                        r -> latest.put(r.event().id(), r));
        return latest.values().stream()
                .filter(r -> r.event() instanceof WorkerHeartbeat)
                .map(r -> row((WorkerHeartbeat) r.event(), r.epochMillis()))
                .toList();
    }

    private static Map<String, Object> row(WorkerHeartbeat beat, long epochMillis) {
        double age = Math.max(0, (System.currentTimeMillis() - epochMillis) / 1e3);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("worker", beat.worker());
        row.put("role", beat.role().id());
        row.put("alive", age <= Workforce.PATIENCE * beat.interval());
        row.put("heartbeat_age_seconds", Math.round(10 * age) / 10.0);
        row.put("device", beat.device());
        row.put("task", beat.task());
        row.put("step", beat.step());
        row.put("rate", Math.round(100 * beat.rate()) / 100.0);
        row.put("resident_mib", beat.residentMib());
        return row;
    }

    private void print(String title, Object rows) {
        out().println(title);
        for (Object row : (List<?>) rows) {
            String line = ((Map<?, ?>) row)
                    .entrySet().stream()
                            .filter(e -> !String.valueOf(e.getValue()).isEmpty())
                            .map(e -> e.getKey() + " " + e.getValue())
                            .collect(Collectors.joining("  "));
            out().println("  " + line);
        }
    }
}
