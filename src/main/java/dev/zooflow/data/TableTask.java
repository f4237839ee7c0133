package dev.zooflow.data;

import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.tensor.Seed;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A task from one table, split at random and stratified by class. Standardisation is fitted on the training split only.
 * Classes are sorted by name, or by value where all are whole numbers.
 *
 * @param name of the task
 * @param fileName of the table, for provenance
 * @param table numbers and labels
 */
record TableTask(String name, String fileName, CsvTable table) {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,18}");

    Dataset dataset(TaskSpec task, boolean standardise, Seed seed) {
        List<String> classes = classes();
        Map<String, Integer> index = new HashMap<>();
        classes.forEach(c -> index.put(c, index.size()));
        int[] y = table.labels().stream().mapToInt(index::get).toArray();
        int features = table.features().size();
        Partition rows = Partition.stratified(y, classes.size(), task.validationFraction(), task.testFraction(), seed);
        Standardiser standardiser =
                standardise ? Standardiser.fit(table.rows(), rows.train(), features) : Standardiser.identity(features);
        return new Dataset(
                name,
                split(rows.train(), y, standardiser),
                split(rows.validation(), y, standardiser),
                split(rows.test(), y, standardiser),
                classes,
                table.features(),
                Optional.empty(),
                standardiser.normalisation(),
                Map.of(fileName, table.hash()));
    }

    private List<String> classes() {
        List<String> distinct = table.labels().stream().distinct().toList();
        int rows = table.labels().size();
        // Stratification needs a few examples of each class; one class for every other row is a column of numbers or
        // ids.
        if (distinct.size() > 2 && 2 * distinct.size() > rows) {
            throw UserError.usage(
                    "label column of task (%s) holds %d different values in %d rows, which are hardly classes. Maybe another task.label?"
                            .formatted(name, distinct.size(), rows));
        }
        boolean numbers =
                distinct.stream().allMatch(c -> WHOLE_NUMBER.matcher(c).matches());
        return distinct.stream()
                .sorted(numbers ? Comparator.comparingLong(Long::parseLong) : Comparator.naturalOrder())
                .toList();
    }

    private Split split(int[] rows, int[] y, Standardiser standardiser) {
        int features = table.features().size();
        if ((long) rows.length * features > Integer.MAX_VALUE - 8L) {
            throw UserError.infrastructure(
                    "task (%s) has %d rows of %d features, more than fit into one array. Maybe use fewer rows?"
                            .formatted(name, rows.length, features));
        }
        float[] x = new float[rows.length * features];
        int[] classes = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double[] raw = table.rows().get(rows[i]);
            for (int f = 0; f < features; f++) {
                x[i * features + f] = standardiser.apply(f, table.features().get(f), raw[f]);
            }
            classes[i] = y[rows[i]];
        }
        return new Split(x, classes, features);
    }
}
