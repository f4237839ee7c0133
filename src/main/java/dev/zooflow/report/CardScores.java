package dev.zooflow.report;

import dev.zooflow.message.Event.Score;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Scores in the card of a flow: a column for each group of networks, and what the rows mean. */
final class CardScores {

    private static final List<String> MEASURED = List.of(
            "accuracy_mean",
            "loss_mean",
            "nn_ratio_mean",
            "copy_rate",
            "novel_performant_050",
            "novel_performant_075",
            "dispersion",
            "bma_accuracy_16",
            "bpd_gap");

    private CardScores() {}

    /**
     * Lines.
     *
     * @param groups that of the flow first
     * @param wording of the explanations
     */
    static String table(List<Score> groups, UnaryOperator<String> wording) {
        List<ScoreColumn> columns = ScoreColumn.of(groups).stream()
                .filter(column -> MEASURED.contains(column.key()))
                .toList();
        String names = FlowCard.row(Stream.concat(
                Stream.of(""), groups.stream().map(g -> Groups.isGenerated(g.group()) ? "of this flow" : g.group())));
        String line = FlowCard.row(Stream.generate(() -> "---").limit(groups.size() + 1));
        String counts = FlowCard.row(
                Stream.concat(Stream.of("networks"), groups.stream().map(g -> Numbers.grouped(g.n()))));
        return names
                + line
                + counts
                + columns.stream()
                        .map(c -> FlowCard.row(Stream.concat(
                                Stream.of(title(c)), groups.stream().map(c::text))))
                        .collect(Collectors.joining())
                + columns.stream()
                        .map(c -> "- %s: %s\n".formatted(title(c), wording.apply(c.explanation())))
                        .collect(Collectors.joining("", "\n", ""));
    }

    private static String title(ScoreColumn column) {
        return column.section() + ", " + column.title();
    }
}
