package dev.zooflow.report;

import dev.zooflow.message.Event.Score;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The table of scores as HTML: one row per group, the best of the flows before any refinement in bold, sortable by the page's script. */
final class ScoreTable {

    private final List<Score> scores;
    private final List<Score> flows;
    private final List<ScoreColumn> columns;

    private ScoreTable(List<Score> scores) {
        this.scores = scores;
        this.flows = scores.stream().filter(s -> isFlow(s.group())).toList();
        this.columns = ScoreColumn.of(scores);
    }

    /** The groups that were scored on the zoo's task. */
    static ScoreTable ofTask(RunRecord record) {
        return of(record, s -> !Groups.isTransfer(s.group()));
    }

    /** The groups that were scored on another task. */
    static ScoreTable ofTransfer(RunRecord record) {
        return of(record, s -> Groups.isTransfer(s.group()));
    }

    private static ScoreTable of(RunRecord record, Predicate<Score> rows) {
        return new ScoreTable(record.scores().stream().filter(rows).toList());
    }

    private static boolean isFlow(String group) {
        return Groups.isGenerated(group) && !Groups.isRefined(group);
    }

    String html() {
        if (scores.isEmpty()) {
            return "<p class=\"empty\">No group has been scored.</p>";
        }
        return "<table class=\"scores\"><thead>" + sections() + titles() + "</thead><tbody>"
                + scores.stream().map(this::row).collect(Collectors.joining()) + "</tbody></table>";
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
        String kind = Groups.isGenerated(group) ? "flow" : Groups.isTrained(group) ? "trained" : "baseline";
        StringBuilder out =
                new StringBuilder("<tr class=\"%s\" data-group=\"%s\">".formatted(kind, Html.escape(group)));
        out.append("<th scope=\"row\" title=\"%s\"><span class=\"mark\"></span>%s</th>"
                .formatted(
                        Html.escape(Groups.explanation(group)),
                        Html.escape(Groups.isGenerated(group) ? Groups.flow(group) : group)));
        out.append("<td data-v=\"%d\">%s</td>".formatted(score.n(), Numbers.grouped(score.n())));
        String section = "";
        for (ScoreColumn column : columns) {
            out.append(cell(score, column, !column.section().equals(section)));
            section = column.section();
        }
        return out.append("</tr>").toString();
    }

    private String cell(Score score, ScoreColumn column, boolean first) {
        OptionalDouble value = Numbers.of(score, column.key());
        String sortKey = value.isPresent() ? Double.toString(value.getAsDouble()) : "";
        String style = (first ? "first " : "") + (isBest(score, column) ? "best" : "");
        String text = Html.escape(column.text(score)).replaceFirst(" ± (.*)", "<span class=\"sd\"> ± $1</span>");
        return "<td class=\"%s\" data-v=\"%s\">%s</td>".formatted(style.strip(), sortKey, text);
    }

    /** Whether a flow has the best value among the flows; where all have the same, none is best. */
    private boolean isBest(Score score, ScoreColumn column) {
        OptionalDouble value = Numbers.of(score, column.key());
        if (value.isEmpty() || !isFlow(score.group())) {
            return false;
        }
        DoubleSummaryStatistics misses = flows.stream()
                .map(s -> Numbers.of(s, column.key()))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(v -> column.miss(v.getAsDouble()))
                .summaryStatistics();
        return misses.getMin() < misses.getMax() && column.miss(value.getAsDouble()) == misses.getMin();
    }

    /** What the groups and columns mean, for those who can't hover. */
    String legend() {
        StringBuilder out = new StringBuilder("<dl class=\"legend\">");
        Groups.baselines().forEach((group, what) -> entry(out, group, what + "."));
        columns.forEach(c -> entry(out, c.section() + ": " + c.title(), c.explanation()));
        return out.append("</dl>").toString();
    }

    private static void entry(StringBuilder out, String term, String text) {
        out.append("<dt>%s</dt><dd>%s</dd>".formatted(Html.escape(term), Html.escape(text)));
    }
}
