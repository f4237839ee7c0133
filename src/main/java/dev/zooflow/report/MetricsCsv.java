package dev.zooflow.report;

import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;

/**
 * {@code metrics.csv}: every training curve and every checkpoint's score in long form, one value per line.
 *
 * <p>Columns: {@code stage} ({@code zoo/0-40}, {@code flow/geometric}, {@code transfer/random} with epochs as
 * steps, {@code score/generated/geometric}); {@code step} of
 * the optimiser; {@code seconds} of training; {@code metric}, snake_case; {@code value}.
 */
final class MetricsCsv {

    private static final CSVFormat FORMAT = CSVFormat.DEFAULT
            .builder()
            .setRecordSeparator("\n")
            .setHeader("stage", "step", "seconds", "metric", "value")
            .get();

    private MetricsCsv() {}

    static byte[] write(RunRecord record) {
        StringBuilder out = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(out, FORMAT)) {
            for (List<MetricPoint> points : record.metrics().values()) {
                for (MetricPoint p : points) {
                    lines(printer, p.stage(), p.step(), p.seconds(), p.values());
                }
            }
            for (List<Score> scores : record.history().values()) {
                for (Score s : scores) {
                    lines(printer, "score/" + s.group(), s.step(), s.seconds(), s.values());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a StringBuilder does not fail", e);
        }
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * A curve of each stage, in the order of the file: pairs of training time [s] and value; none where there is no file.
     *
     * @param wanted whether a metric, the second argument, is that of a stage's curve: of one at most
     * @throws IOException also when the file is damaged
     */
    static Map<String, List<double[]>> read(Path file, BiPredicate<String, String> wanted) throws IOException {
        Map<String, List<double[]>> curves = new LinkedHashMap<>();
        if (!Files.isRegularFile(file)) {
            return curves;
        }
        try (CSVParser lines = CSVParser.parse(
                file,
                StandardCharsets.UTF_8,
                FORMAT.builder().setSkipHeaderRecord(true).get())) {
            for (CSVRecord line : lines) {
                if (wanted.test(line.get("stage"), line.get("metric"))) {
                    curves.computeIfAbsent(line.get("stage"), stage -> new ArrayList<>())
                            .add(new double[] {
                                Double.parseDouble(line.get("seconds")), Double.parseDouble(line.get("value"))
                            });
                }
            }
        } catch (UncheckedIOException | IllegalArgumentException e) {
            throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
        }
        return curves;
    }

    private static void lines(CSVPrinter printer, String stage, long step, double seconds, Map<String, Double> values)
            throws IOException {
        for (Map.Entry<String, Double> entry : new TreeMap<>(values).entrySet()) {
            printer.printRecord(stage, step, seconds, entry.getKey(), entry.getValue());
        }
    }
}
