package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * The columns of a CSV file and what each is for.
 *
 * @param names of all columns; {@code column-<index>} where the file names none
 * @param label index of the label column
 * @param features indices of the feature columns, ascending
 */
record CsvColumns(List<String> names, int label, List<Integer> features) {

    private static final Pattern INDEX = Pattern.compile("-?[0-9]{1,6}");
    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]*\\.[0-9]+([eE][+-]?[0-9]+)?");

    /** Columns of a file whose first row names them. */
    static CsvColumns named(Path file, List<String> header, CsvLayout layout) {
        List<String> names = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).isEmpty() ? unnamed(i) : header.get(i);
            if (!seen.add(name)) {
                throw UserError.infrastructure(
                        "column name (%s) stands twice in the header of %s, in columns %d and %d. Maybe rename one of them?"
                                .formatted(name, file, names.indexOf(name), i));
            }
            names.add(name);
        }
        checkHeader(file, header);
        return resolve(file, names, layout);
    }

    /** Columns of a file without a header. */
    static CsvColumns numbered(Path file, int count, CsvLayout layout) {
        return resolve(
                file, IntStream.range(0, count).mapToObj(CsvColumns::unnamed).toList(), layout);
    }

    /** Names of the features. */
    List<String> featureNames() {
        return features.stream().map(names::get).toList();
    }

    private static String unnamed(int index) {
        return "column-" + index;
    }

    /** A first row of data that is taken for a header would be lost without a trace. */
    private static void checkHeader(Path file, List<String> header) {
        long decimals =
                header.stream().filter(cell -> DECIMAL.matcher(cell).matches()).count();
        if (2 * decimals > header.size()) {
            throw UserError.usage(
                    "task.header (true) takes line 1 of %s for names, but it holds numbers. Maybe task.header = false?"
                            .formatted(file));
        }
    }

    private static CsvColumns resolve(Path file, List<String> names, CsvLayout layout) {
        int label = find(file, names, "task.label", layout.label());
        Set<Integer> ignored = new HashSet<>();
        for (String column : layout.ignore()) {
            ignored.add(find(file, names, "task.ignore", column));
        }
        if (ignored.contains(label)) {
            throw UserError.usage("task.ignore (%s) leaves out the label column of %s. Maybe another task.label?"
                    .formatted(names.get(label), file));
        }
        List<Integer> features = IntStream.range(0, names.size())
                .filter(i -> i != label && !ignored.contains(i))
                .boxed()
                .toList();
        if (features.isEmpty()) {
            throw UserError.usage(
                    "task.ignore (%s) leaves no feature column of %s, which has %d columns. Maybe another task.delimiter?"
                            .formatted(layout.ignore(), file, names.size()));
        }
        return new CsvColumns(List.copyOf(names), label, features);
    }

    private static int find(Path file, List<String> names, String key, String column) {
        int named = names.indexOf(column);
        if (named >= 0) {
            return named;
        }
        if (!INDEX.matcher(column).matches()) {
            throw UserError.usage("%s (%s) is not a column of %s. Maybe %s?"
                    .formatted(key, column, file, NearestName.to(column, names)));
        }
        int index = Integer.parseInt(column);
        int fromFront = index < 0 ? names.size() + index : index;
        if (fromFront < 0 || fromFront >= names.size()) {
            throw UserError.usage("%s (%s) is outside the %d columns of %s. Maybe %d?"
                    .formatted(key, column, names.size(), file, names.size() - 1));
        }
        return fromFront;
    }
}
