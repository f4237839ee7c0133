package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.jspecify.annotations.Nullable;

/**
 * A record for each change of a run, for scripts: fields {@link #FIELDS}, always all of them and in this order; unknown ones
 * are null or empty.
 */
final class RecordView implements RunView {

    /** How records are written. */
    enum Format {
        /** An object a line. */
        JSON,
        /** RFC 4180 with a header. */
        CSV
    }

    /**
     * {@code time} in ISO 8601; {@code run}; {@code subject}: {@code run}, {@code zoo}, {@code flow/<name>} or
     * {@code group/<name>}; {@code state}: {@code waiting}, {@code running}, {@code paused}, {@code completed}, {@code stopped}
     * (early, of a flow), {@code failed}; {@code step}; {@code progress} in [0, 1]; {@code seconds} so far; {@code steps_per_second}; {@code eta_seconds};
     * {@code loss}; {@code accuracy}, {@code nn_ratio}, {@code novel_performant} as in {@code scores.json}; {@code note}: why it
     * failed or was stopped.
     */
    static final List<String> FIELDS = List.of(
            "time",
            "run",
            "subject",
            "state",
            "step",
            "progress",
            "seconds",
            "steps_per_second",
            "eta_seconds",
            "loss",
            "accuracy",
            "nn_ratio",
            "novel_performant",
            "note");

    private final RunId run;
    private final RunProgress progress;
    private final PrintWriter out;
    private final Optional<CSVPrinter> csv;
    private final Map<String, Map<String, Object>> latest = new HashMap<>();

    RecordView(RunId run, ExperimentSpec spec, Format format, PrintWriter out) {
        this.run = run;
        this.progress = new RunProgress(spec);
        this.out = out;
        this.csv = format == Format.CSV ? Optional.of(printer(out)) : Optional.empty();
    }

    private static CSVPrinter printer(PrintWriter out) {
        try {
            return new CSVPrinter(
                    out,
                    CSVFormat.RFC4180
                            .builder()
                            .setHeader(FIELDS.toArray(String[]::new))
                            .get());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void on(Event event, long epochMillis) {
        progress.on(event);
        Map<String, Object> values = change(event);
        if (!values.isEmpty() && !values.equals(latest.put(String.valueOf(values.get("subject")), values))) {
            Map<String, Object> row = new LinkedHashMap<>();
            FIELDS.forEach(field -> row.put(field, values.get(field)));
            row.put("time", Instant.ofEpochMilli(epochMillis).toString());
            row.put("run", run.value());
            write(row);
        }
    }

    private void write(Map<String, Object> row) {
        try {
            if (csv.isPresent()) {
                csv.get().printRecord(row.values());
            } else {
                out.println(AbstractFleetCommand.write(row));
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fields of what the event changed; empty when it changed nothing that is told. */
    private Map<String, Object> change(Event event) {
        if (event instanceof Event.MetricPoint e) {
            return RunProgress.trainedFlow(e.stage()).map(this::flow).orElseGet(() -> zoo(e.stage()));
        } else if (event instanceof TaskEvent e) {
            return RunProgress.flow(e.task()).map(this::flow).orElseGet(() -> zoo(e.task()));
        } else if (event instanceof Event.FlowCheckpoint e) {
            return flow(e.flow());
        } else if (event instanceof Event.Score e && e.last()) {
            return group(e);
        } else if (event instanceof Event.Score e) {
            String[] parts = e.group().split("/", -1);
            return parts.length == 2 ? flow(parts[1]) : Map.of();
        }
        return event instanceof RunEvent ? ofRun() : Map.of();
    }

    private Map<String, Object> ofRun() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("subject", "run");
        values.put("state", progress.status().equals("ended") ? "failed" : progress.status());
        progress.end().ifPresent(end -> {
            values.put("seconds", end.seconds());
            values.put("note", String.join(" ", end.failed()));
        });
        return values;
    }

    private Map<String, Object> zoo(String stage) {
        if (!stage.startsWith(Task.ProduceZoo.PREFIX)) {
            return Map.of();
        }
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("subject", "zoo");
        values.put("state", progress.zoo() < 1 ? "running" : "completed");
        values.put("progress", progress.zoo());
        progress.zooToGo().ifPresent(eta -> values.put("eta_seconds", eta));
        return values;
    }

    private Map<String, Object> flow(String name) {
        TrialProgress trial = progress.trial(name);
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("subject", "flow/" + name);
        values.put("state", trial.state().name().toLowerCase(Locale.ROOT));
        values.put("step", trial.step());
        values.put("progress", trial.progress());
        values.put("seconds", trial.seconds());
        values.put("steps_per_second", trial.rate());
        trial.toGo().ifPresent(eta -> values.put("eta_seconds", eta));
        values.put("loss", number(trial.loss()));
        putScores(values, trial.scores());
        values.put("note", trial.note());
        return values;
    }

    private static Map<String, Object> group(Event.Score score) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("subject", "group/" + score.group());
        values.put("state", "completed");
        values.put("step", score.step());
        values.put("loss", number(score.values().getOrDefault("loss_mean", Double.NaN)));
        putScores(values, score.values());
        return values;
    }

    private static void putScores(Map<String, Object> values, Map<String, Double> scores) {
        values.put("accuracy", number(scores.getOrDefault("accuracy_mean", Double.NaN)));
        values.put("nn_ratio", number(scores.getOrDefault("nn_ratio_mean", Double.NaN)));
        values.put("novel_performant", number(scores.getOrDefault("novel_performant_075", Double.NaN)));
    }

    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    @Override
    public void close() {
        out.flush();
    }
}
