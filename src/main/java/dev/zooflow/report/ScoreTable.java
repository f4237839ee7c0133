package dev.zooflow.report;

import dev.zooflow.experiment.Publication;
import dev.zooflow.message.Event.Score;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table of scores as HTML: one row per group, the best of the flows before any refinement in bold, sortable by the page's script. */
final class ScoreTable {

    private final RunRecord record;
    private final Predicate<String> belongs;
    private final List<Score> scores;
    private final List<Score> flows;
    private final List<ScoreColumn> columns;

    private ScoreTable(RunRecord record, Predicate<String> belongs) {
        this.record = record;
        this.belongs = belongs;
        this.scores =
                record.scores().stream().filter(s -> belongs.test(s.group())).toList();
        this.flows = scores.stream().filter(s -> competes(s.group())).toList();
        this.columns = ScoreColumn.of(scores);
    }

    /** The groups that were scored on the zoo's task. */
    static ScoreTable ofTask(RunRecord record) {
        return new ScoreTable(record, group -> !Groups.isTransfer(group));
    }

    /** The groups that were scored on another task. */
    static ScoreTable ofTransfer(RunRecord record) {
        return new ScoreTable(record, Groups::isTransfer);
    }

    private static boolean competes(String group) {
        return Groups.isGenerated(group) && !Groups.isRefined(group);
    }

    String html() {
        if (scores.isEmpty()) {
            return "<p class=\"empty\">No group has been scored.</p>";
        }
        return "<table class=\"scores\"><thead>" + sections() + titles() + "</thead><tbody>"
                + scores.stream().map(this::rows).collect(Collectors.joining()) + unmatched() + "</tbody></table>";
    }

    /** The row of a group and those of published figures for it. */
    private String rows(Score score) {
        return row(score) + Published.of(record, score.group()).map(this::row).collect(Collectors.joining());
    }

    /** Published figures for groups that have no score. */
    private String unmatched() {
        return Published.of(record).stream()
                .filter(p -> belongs.test(p.group()) && record.score(p.group()).isEmpty())
                .map(this::row)
                .collect(Collectors.joining());
    }

    private String row(Publication p) {
        Score figures = new Score(record.run(), p.group(), 0, 0, 0, true, 0, Published.values(p), Map.of());
        return "<tr class=\"published\"><th scope=\"row\" title=\"%s\">%s</th><td data-v=\"\">%s</td>"
                        .formatted(
                                Html.escape("published, not measured here: " + p.source()),
                                Html.escape(p.label()),
                                Numbers.NONE)
                + cells(figures, false) + "</tr>";
    }

    private String sections() {
        StringBuilder out = new StringBuilder("<tr class=\"sections\"><td colspan=\"2\"></td>");
        List<String> sections =
                columns.stream().map(ScoreColumn::section).distinct().toList();
        for (String section : sections) {
            long span =
                    columns.stream().filter(c -> c.section().equals(section)).count();
            out.append("<th scope=\"colgroup\" colspan=\"%d\">%s</th>".formatted(span, Html.escape(section)));
        }
        return out.append("</tr>").toString();
    }

    private String titles() {
        StringBuilder out = new StringBuilder("<tr>");
        out.append(title("group", "The group of networks.", "group", ""));
        out.append(title("n", "Number of networks.", "", ""));
        String section = "";
        for (ScoreColumn column : columns) {
            String first = column.section().equals(section) ? "" : "first";
            section = column.section();
            out.append(title(column.title(), column.explanation(), first, aim(column.aim())));
        }
        return out.append("</tr>").toString();
    }

    private static String title(String title, String explanation, String style, String aim) {
        return "<th scope=\"col\" class=\"%s\"><button type=\"button\" title=\"%s\">%s%s</button></th>"
                .formatted(style, Html.escape(explanation), Html.escape(title), aim);
    }

    private static String aim(ScoreColumn.Aim aim) {
        return switch (aim) {
            case HIGH -> "<span class=\"aim\" aria-label=\"higher is better\">↑</span>";
            case LOW -> "<span class=\"aim\" aria-label=\"lower is better\">↓</span>";
            case ONE -> "<span class=\"aim\" aria-label=\"1 is best\">→1</span>";
            case ZERO -> "<span class=\"aim\" aria-label=\"0 is best\">→0</span>";
        };
    }

    private String row(Score score) {
        String group = score.group();
        String kind = Groups.isFlow(group)
                ? "flow"
                : Groups.isGenerated(group) ? "flow variant" : Groups.isTrained(group) ? "trained" : "baseline";
        StringBuilder out =
                new StringBuilder("<tr class=\"%s\" data-group=\"%s\">".formatted(kind, Html.escape(group)));
        out.append("<th scope=\"row\" title=\"%s\"><span class=\"mark\"></span>%s</th>"
                .formatted(Html.escape(Groups.explanation(group)), name(group)));
        out.append("<td data-v=\"%d\">%s</td>".formatted(score.n(), Numbers.grouped(score.n())));
        return out.append(cells(score, competes(group))).append("</tr>").toString();
    }

    private String cells(Score score, boolean competes) {
        StringBuilder out = new StringBuilder();
        String section = "";
        for (ScoreColumn column : columns) {
            String style = (column.section().equals(section) ? "" : "first ")
                    + (competes && isBest(score, column) ? "best" : "");
            out.append(cell(score, column, style.strip()));
            section = column.section();
        }
        return out.toString();
    }

    private static String name(String group) {
        if (!Groups.isGenerated(group)) {
            return Html.escape(group);
        }
        String flow = Html.escape(Groups.flow(group));
        if (Groups.isFlow(group)) {
            return flow;
        }
        String rest = group.substring(Groups.generated(Groups.flow(group)).length());
        return "<span class=\"of\">%s%s</span>%s"
                .formatted(flow, rest.startsWith("/") ? "/" : "", Html.escape(rest.replaceFirst("^/", "")));
    }

    private static String cell(Score score, ScoreColumn column, String style) {
        OptionalDouble value = Numbers.of(score, column.key());
        String sortKey = value.isPresent() ? Double.toString(value.getAsDouble()) : "";
        String text = Html.escape(column.text(score)).replaceFirst(" ± (.*)", "<span class=\"sd\"> ± $1</span>");
        return "<td class=\"%s\" data-v=\"%s\">%s</td>".formatted(style, sortKey, text);
    }

    /** Whether a flow has the best value among the flows; where the same is written for all, none is best. */
    private boolean isBest(Score score, ScoreColumn column) {
        OptionalDouble value = Numbers.of(score, column.key());
        if (value.isEmpty()) {
            return false;
        }
        DoubleSummaryStatistics misses = flows.stream()
                .map(s -> Numbers.of(s, column.key()))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(v -> column.miss(v.getAsDouble()))
                .summaryStatistics();
        long written = flows.stream()
                .filter(s -> Numbers.of(s, column.key()).isPresent())
                .map(column::text)
                .distinct()
                .count();
        return written > 1 && column.miss(value.getAsDouble()) == misses.getMin();
    }

    /** What the groups and columns mean, for those who can't hover. */
    String legend() {
        StringBuilder out = new StringBuilder("<dl class=\"legend\">");
        Groups.baselines().forEach((group, what) -> entry(out, group, what + "."));
        Published.of(record)
                .forEach(p -> entry(out, p.label(), "Published by others, not measured here: " + p.source() + "."));
        columns.forEach(c -> entry(out, c.section() + ": " + c.title(), c.explanation()));
        return out.append("</dl>").toString();
    }

    private static void entry(StringBuilder out, String term, String text) {
        out.append("<dt>%s</dt><dd>%s</dd>".formatted(Html.escape(term), Html.escape(text)));
    }
}
