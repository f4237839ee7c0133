package dev.zooflow.app;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.ImageShape;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.mlflow.MlflowSettings;
import dev.zooflow.mlflow.MlflowTracking;
import dev.zooflow.report.DataDescription;
import dev.zooflow.report.FlowCard;
import dev.zooflow.report.NetworkExport;
import dev.zooflow.report.ReportWriter;
import dev.zooflow.report.RunRecord;
import dev.zooflow.report.SweepEffort;
import dev.zooflow.report.TrialTable;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run leaves in its directory and says at its end.
 *
 * @param spec of the run
 * @param dataset that its networks learnt
 * @param directory of the run
 */
record Results(ExperimentSpec spec, Dataset dataset, RunDirectory directory) {

    /** Trials of a sweep that are printed; the report has all. */
    static final int TRIALS_SHOWN = 10;

    /** Writes report, networks and model cards of a run that is over, prints the table, and marks the directory. */
    void write(Wires wires, RunCompleted end, PrintWriter out) {
        write(wires, end.run(), Optional.of(end), out);
    }

    /**
     * Writes report, networks and model cards from the log, prints the table, and marks the directory.
     *
     * @param end of the run; none while it goes on
     */
    void write(Wires wires, RunId run, Optional<RunCompleted> end, PrintWriter out) {
        directory.beginResults();
        RunRecord record = LiveRun.record(wires, run, spec.evaluation().export(), "");
        NetworkExport.write(record, describe(dataset), directory.networks());
        FlowCard.write(record, describe(dataset), directory.flows());
        ReportWriter.write(record, directory.path());
        List<String> failed = end.map(RunCompleted::failed).orElse(List.of());
        directory.end(
                end.isEmpty()
                        ? RunDirectory.Status.RUNNING
                        : failed.isEmpty() ? RunDirectory.Status.COMPLETED : RunDirectory.Status.FAILED);
        out.println();
        FinalTable.lines(record).forEach(out::println);
        out.println();
        List<String> trials = TextTable.lines(TrialTable.rows(record, TRIALS_SHOWN));
        if (!trials.isEmpty()) {
            trials.forEach(out::println);
            SweepEffort.of(record).map(SweepEffort::line).ifPresent(out::println);
            out.println();
        }
        record.tasks().stream()
                .filter(task -> failed.contains(task.task()))
                .forEach(task -> out.printf("failed: %s: %s%n", task.task(), task.reason()));
        out.printf("report: %s%n", directory.path().resolve("report.html"));
        out.flush();
    }

    /** Uploads the report of a run to the tracking server that was told of it, if there is one. */
    void upload(MlflowSettings mlflow, RunId run) {
        List<Path> files = Stream.of("report.html", "scores.json", "metrics.csv", "run.json")
                .map(directory.path()::resolve)
                .toList();
        MlflowTracking.upload(mlflow, run, spec.name(), files);
    }

    /** What users of exported networks must know of the data. */
    static DataDescription describe(Dataset dataset) {
        Optional<ImageShape> image = dataset.image();
        return new DataDescription(
                dataset.name(),
                dataset.inputs(),
                dataset.classes(),
                dataset.normalisation().mean(),
                dataset.normalisation().std(),
                image.map(ImageShape::height).orElse(0),
                image.map(ImageShape::width).orElse(0));
    }
}
