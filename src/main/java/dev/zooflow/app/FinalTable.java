package dev.zooflow.app;

import dev.zooflow.experiment.Publication;
import dev.zooflow.message.Event.Score;
import dev.zooflow.report.RunRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The scores of a run as one table of text, aligned in columns. */
final class FinalTable {

    private record Column(String title, Function<Score, String> cell) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("group", s -> title(s.group())),
            new Column("n", s -> Integer.toString(s.n())),
            new Column("accuracy", s -> spread(s, "accuracy", 3)),
            new Column("loss", s -> spread(s, "loss", 3)),
            new Column("nn ratio", s -> number(s, "nn_ratio_mean", 2)),
            new Column("copies", s -> number(s, "copy_rate", 2)),
            new Column("novel+good", s -> number(s, "novel_performant_075", 2)),
            new Column("dispersion", s -> number(s, "dispersion", 2)),
            new Column("avg 16", s -> number(s, "bma_accuracy_16", 3)));

    private static final Column GRADIENTS = new Column("gradients", s -> number(s, "gradient_steps", 0));

    private FinalTable() {}

    /** Lines of the table, beside what others published; empty without scores. */
    static List<String> lines(RunRecord record) {
        return lines(record.scores(), record.spec().map(s -> s.published()).orElse(List.of()));
    }

    /** Lines of the table; empty without scores. */
    static List<String> lines(List<Score> scores, List<Publication> published) {
        if (scores.isEmpty()) {
            return List.of();
        }
        List<Column> columns = new ArrayList<>(COLUMNS);
        if (scores.stream().anyMatch(s -> s.values().getOrDefault("gradient_steps", 0.0) > 0)) {
            columns.add(GRADIENTS);
        }
        if (!published.isEmpty()) {
            columns.add(new Column("published: accuracy, loss", s -> published(published, s.group())));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(columns.stream().map(Column::title).toList());
        scores.forEach(s -> rows.add(columns.stream().map(c -> c.cell.apply(s)).toList()));
        return TextTable.lines(rows);
    }

    /** What others published for this group; empty where the experiment quotes nothing. */
    private static String published(List<Publication> published, String group) {
        return published.stream()
                .filter(p -> p.group().equals(group))
                .findFirst()
                .map(p -> number(p.accuracy(), "") + number(p.accuracyStd(), " ± ") + ", " + number(p.loss(), ""))
                .orElse("");
    }

    private static String number(OptionalDouble value, String before) {
        return value.isPresent()
                ? before + String.format(Locale.ROOT, "%.3f", value.getAsDouble())
                : before.isEmpty() ? "–" : "";
    }

    /** The group's name; that of a variant, which stands below its flow, is its last part. */
    private static String title(String group) {
        String[] parts = group.split("/", 3);
        return parts.length < 3 ? group : "  " + parts[2];
    }

    private static String spread(Score score, String name, int digits) {
        return number(score, name + "_mean", digits) + " ± " + number(score, name + "_std", digits);
    }

    /** A value of a score, if there are both. */
    static String number(Optional<Score> score, String key, int digits) {
        return score.map(s -> number(s, key, digits)).orElse("–");
    }

    private static String number(Score score, String key, int digits) {
        Double value = score.values().get(key);
        return value == null || !Double.isFinite(value) ? "–" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
