package dev.zooflow.app;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.RunEvent.RunCompleted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow report}: what a run of the fleet has found, as the directory that a run of one's own leaves. */
@Command(
        name = "report",
        description = {
            "Writes report, scores, curves and networks of a run of the fleet into a directory and prints its table.",
            "While the run goes on: what is there so far; the file `status` then says running."
        })
final class ReportCommand extends AbstractFleetCommand {

    @Mixin
    private DataDirOption data;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
    private String run = "";

    @Option(
            names = "--runs-dir",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where the directory of the run is made, or written anew (default: ${DEFAULT-VALUE}).")
    private Path runsDir;

    @Override
    int perform(Wires wires) {
        Ledger ledger = Ledger.of(run(run), wires);
        ExperimentSpec spec = ledger.spec();
        Dataset dataset = Datasets.load(spec.task(), spec.seed(), data.directory());
        Path path = runsDir.resolve(run);
        RunDirectory directory =
                Files.isDirectory(path) ? RunDirectory.reopen(path) : RunDirectory.create(runsDir, ledger.run());
        Optional<RunCompleted> end = ledger.life().over();
        Results results = new Results(spec, dataset, directory);
        results.write(wires, ledger.run(), end, out());
        results.upload(settings().mlflow(), ledger.run());
        return end.map(RunCompleted::failed).orElse(List.of()).isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }
}
