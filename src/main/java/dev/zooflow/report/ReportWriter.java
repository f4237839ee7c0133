package dev.zooflow.report;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Writes what a run leaves behind: {@code scores.json}, {@code metrics.csv}, {@code report.html} and {@code run.json}. Each
 * appears whole or not at all, and {@code run.json}, which holds the status, last.
 */
public final class ReportWriter {

    private ReportWriter() {}

    /**
     * Writes the four files, replacing those of an earlier report.
     *
     * @param directory of the run; created if missing
     * @throws UserError of infrastructure when a file can't be written
     */
    public static void write(RunRecord record, Path directory) {
        try {
            AtomicFile.write(directory.resolve("scores.json"), ScoresJson.write(record));
            AtomicFile.write(directory.resolve("metrics.csv"), MetricsCsv.write(record));
            AtomicFile.write(directory.resolve("report.html"), HtmlReport.write(record));
            AtomicFile.write(directory.resolve("run.json"), RunJson.write(record));
        } catch (IOException e) {
            throw UserError.infrastructure(String.valueOf(e.getMessage()), e);
        }
    }
}
