package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.message.Event.LossBarriers;
import dev.zooflow.message.Event.Score;
import dev.zooflow.report.RunRecord.Status;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * {@code report.html}: one page that holds everything it shows, styles, scripts and data, and asks the network for nothing.
 * All text that comes from events is escaped.
 */
final class HtmlReport {

    private static final List<String> SCRIPTS = List.of("frame", "quality", "weights", "curves", "page");

    private final RunRecord record;

    private HtmlReport(RunRecord record) {
        this.record = record;
    }

    static byte[] write(RunRecord record) {
        return new HtmlReport(record).page().getBytes(StandardCharsets.UTF_8);
    }

    private String page() {
        ScoreTable table = ScoreTable.ofTask(record);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("run", Html.escape(record.run().value()));
        values.put("style", Html.resource(Html.HERE + "report.css"));
        values.put("status", status());
        values.put("banner", banner());
        values.put("subtitle", Html.escape(subtitle()));
        values.put("headline", headline());
        values.put("tiles", tiles());
        values.put("table", table.html());
        values.put("legend", table.legend());
        values.put("trials", TrialTable.html(record));
        values.put("transfer", ScoreTable.ofTransfer(record).html());
        values.put("plan", plan());
        values.put("tasks", TaskTable.html(record.tasks()));
        values.put("provenance", provenance());
        values.put("experiment", Html.escape(record.experiment()));
        values.putAll(Html.charts(Json.line(ChartData.of(record)), SCRIPTS));
        return Html.fill(Html.resource(Html.HERE + "report.html"), values);
    }

    private String status() {
        return switch (record.outcome().status()) {
            case COMPLETED -> "<span class=\"status ok\">completed</span>";
            case FAILED -> "<span class=\"status bad\">failed</span>";
            case UNFINISHED -> "<span class=\"status warn\">unfinished</span>";
        };
    }

    /** What must be known before any number is read. */
    private String banner() {
        Status status = record.outcome().status();
        if (status == Status.COMPLETED) {
            return "";
        }
        if (status == Status.UNFINISHED) {
            return "<aside class=\"banner warn\" role=\"alert\"><strong>This run did not come to its end.</strong>"
                    + " What follows is what its events said so far.</aside>";
        }
        String tasks = record.tasks().stream()
                .filter(t -> t.status() == TaskState.Status.FAILED)
                .map(t -> "<li><code>%s</code> %s</li>".formatted(Html.escape(t.task()), Html.escape(t.reason())))
                .collect(Collectors.joining());
        return "<aside class=\"banner bad\" role=\"alert\"><strong>This run failed: %d of %d tasks were given up.</strong>"
                        .formatted(
                                record.outcome().failed().size(), record.tasks().size())
                + " What follows is incomplete.<ul>" + tasks + "</ul></aside>";
    }

    private String subtitle() {
        String started = record.provenance().getOrDefault("started", "").replaceFirst("T(\\d\\d:\\d\\d).*", " $1 UTC");
        String took = record.outcome().seconds() > 0
                ? Numbers.duration(record.outcome().seconds())
                : "";
        return List.of(started, took).stream().filter(s -> !s.isEmpty()).collect(Collectors.joining(" · "));
    }

    private String headline() {
        return Headline.sentences(record).stream().map(Html::escape).collect(Collectors.joining(" "));
    }

    private String tiles() {
        StringBuilder out = new StringBuilder();
        Optional<Score> heldOut = record.score("held-out");
        Headline.best(record.scores()).ifPresent(best -> {
            String flow = Groups.flow(best.group());
            tile(
                    out,
                    "Accuracy",
                    best,
                    "accuracy_mean",
                    true,
                    "held-out " + text(heldOut, "accuracy_mean", true),
                    flow);
            tile(out, "Nearest-neighbour ratio", best, "nn_ratio_mean", false, "1 is really new, 0 a copy", flow);
            tile(out, "Copies", best, "copy_rate", true, "of " + Numbers.grouped(best.n()) + " networks", flow);
            tile(
                    out,
                    "Average of 16",
                    best,
                    "bma_accuracy_16",
                    true,
                    "held-out " + text(heldOut, "bma_accuracy_16", true),
                    flow);
        });
        Optional<LossBarriers> aligned = Headline.barriers(record, "aligned");
        aligned.ifPresent(b -> out.append(tile(
                "Loss barrier",
                Numbers.decimal(b.mean(), 3),
                Headline.barriers(record, "unaligned")
                        .map(u -> "unaligned " + Numbers.decimal(u.mean(), 3))
                        .orElse(""),
                "aligned")));
        return out.toString();
    }

    private static void tile(
            StringBuilder out, String title, Score score, String key, boolean percent, String note, String flow) {
        OptionalDouble value = Numbers.of(score, key);
        if (value.isPresent()) {
            out.append(tile(title, format(value.getAsDouble(), percent), note, flow));
        }
    }

    private static String tile(String title, String value, String note, String flow) {
        return ("<div class=\"tile\"><span class=\"tile-title\">%s</span><span class=\"tile-value\">%s</span>"
                        + "<span class=\"tile-note\">%s</span><span class=\"tile-flow\">%s</span></div>")
                .formatted(Html.escape(title), Html.escape(value), Html.escape(note), Html.escape(flow));
    }

    private static String text(Optional<Score> score, String key, boolean percent) {
        return score.map(s -> Numbers.of(s, key))
                .filter(OptionalDouble::isPresent)
                .map(v -> format(v.getAsDouble(), percent))
                .orElse(Numbers.NONE);
    }

    private static String format(double value, boolean percent) {
        return percent ? Numbers.percent(value) + " %" : Numbers.decimal(value, 2);
    }

    private String plan() {
        return record.spec()
                .map(ExperimentPlan::describe)
                .map(plan -> plan.lines()
                        .filter(line -> !line.startsWith("time ") && !line.startsWith("experiment "))
                        .map(line -> line.split(" {2,}", 2))
                        .map(parts -> "<dt>%s</dt><dd>%s</dd>"
                                .formatted(Html.escape(parts[0]), Html.escape(parts[parts.length - 1])))
                        .collect(Collectors.joining()))
                .map(list -> "<dl class=\"pairs\">" + list + "</dl>")
                .orElse("<p class=\"empty\">The experiment is not known.</p>");
    }

    private String provenance() {
        return record.provenance().entrySet().stream()
                .filter(e -> !e.getKey().equals(Provenance.GIT_DIFF))
                .map(e -> "<dt>%s</dt><dd>%s</dd>".formatted(Html.escape(e.getKey()), Html.escape(e.getValue())))
                .collect(Collectors.joining("", "<dl class=\"pairs\">", "</dl>"));
    }
}
