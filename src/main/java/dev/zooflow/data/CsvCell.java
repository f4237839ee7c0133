package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What a cell of a CSV file may hold. */
final class CsvCell {

    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern DECIMAL_COMMA = Pattern.compile("[+-]?[0-9]+,[0-9]+");
    private static final Set<String> MISSING = Set.of("", "?", "na", "n/a", "null");

    private CsvCell() {}

    /** A finite number, written as in English; nothing else that {@link Double#parseDouble} would take. */
    static double number(Path file, long line, String column, String cell) {
        checkPresent(file, line, column, cell);
        if (!NUMBER.matcher(cell).matches()) {
            throw fault(file, line, column, "holds \"%s\", which is not a finite number".formatted(cell), remedy(cell));
        }
        double number = Double.parseDouble(cell);
        if (Float.isInfinite((float) number)) {
            throw fault(
                    file,
                    line,
                    column,
                    "holds \"%s\", which is too large".formatted(cell),
                    "Maybe rescale the column?");
        }
        return number;
    }

    /** Any text but a missing one. */
    static String label(Path file, long line, String column, String cell) {
        checkPresent(file, line, column, cell);
        return cell;
    }

    private static void checkPresent(Path file, long line, String column, String cell) {
        if (MISSING.contains(cell.toLowerCase(Locale.ROOT))) {
            String shown = cell.isEmpty() ? "has no value" : "has no value but \"%s\"".formatted(cell);
            throw fault(file, line, column, shown, "Maybe fill it in, or remove the row?");
        }
    }

    private static String remedy(String cell) {
        if (DECIMAL_COMMA.matcher(cell).matches()) {
            return "Maybe write a decimal point?";
        }
        return "Maybe correct it, add the column to task.ignore, or change task.header or task.label?";
    }

    private static UserError fault(Path file, long line, String column, String what, String remedy) {
        return UserError.infrastructure(
                "file (%s) line %d column %s %s. %s".formatted(file, line, column, what, remedy));
    }
}
