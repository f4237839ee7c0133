package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Breast Cancer Wisconsin (Diagnostic), UCI 17: mean, standard error and worst value of ten measures of cell nuclei in
 * 569 tumours (357 benign, 212 malignant). Columns of the file are an id, M or B, and the 30 features.
 */
final class Wdbc {

    private static final CsvLayout LAYOUT = new CsvLayout("1", List.of("0"), false, ',');
    private static final List<String> MEASURES = List.of(
            "radius",
            "texture",
            "perimeter",
            "area",
            "smoothness",
            "compactness",
            "concavity",
            "concave_points",
            "symmetry",
            "fractal_dimension");

    private Wdbc() {}

    /** The 30 features' names as UCI gives them: measure 1 is the mean, 2 the standard error, 3 the worst. */
    static List<String> featureNames() {
        return Stream.of("1", "2", "3")
                .flatMap(statistic -> MEASURES.stream().map(measure -> measure + statistic))
                .toList();
    }

    static TableTask read(Path dataDir) {
        KnownDataset known = DataCatalog.WDBC;
        KnownFile file = known.files().get(0);
        CsvTable table = CsvReader.read(known.locateVerified(dataDir, file), LAYOUT);
        List<String> labels = table.labels().stream().map(Wdbc::className).toList();
        return new TableTask(
                known.name(), file.name(), new CsvTable(featureNames(), table.rows(), labels, table.hash()));
    }

    private static String className(String letter) {
        return switch (letter) {
            case "M" -> "malignant";
            case "B" -> "benign";
            default ->
                throw UserError.infrastructure(
                        "class (%s) of wdbc is neither M nor B. Maybe another file?".formatted(letter));
        };
    }
}
