package dev.zooflow.app;

import dev.zooflow.blob.BlobStores;
import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.tensor.Torch;
import dev.zooflow.zoo.ImportedZoo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow run}: an experiment from its file to its report. */
@Command(
        name = "run",
        description = {
            "Runs an experiment: trains the zoo, fits the flows, generates networks, scores them, writes the report.",
            "Everything runs in this process over an embedded Kafka broker, unless --bootstrap-servers says otherwise."
        })
final class RunCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

    @Spec
    private CommandSpec command;

    @Mixin
    private SharedOptions shared;

    @Mixin
    private DataDirOption data;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The experiment, for example experiments/quickstart.conf.")
    private Path file;

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description = "Values above the file's, for example flow.training.time=30s or zoo.epochs=5.")
    private List<String> overrides = List.of();

    @Option(
            names = "--runs-dir",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where the directory of the run is made (default: ${DEFAULT-VALUE}).")
    private Path runsDir;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the run (default: the experiment's name and the time).")
    private @Nullable String name;

    @Mixin
    private BlobsOption blobs;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            converter = RoleConverter.class,
            description = "Roles that work in this process (default: all): zoo-producer, trainer, sampler, evaluator.")
    private Set<Role> roles = EnumSet.allOf(Role.class);

    @Option(
            names = "--dry-run",
            description = "Runs nothing: prints what it would do, trial by trial, and an estimate of the time.")
    private boolean dryRun;

    @Override
    public Integer call() {
        if (dryRun) {
            ExperimentSpec spec = ExperimentFile.load(file, overrides);
            PrintWriter out = command.commandLine().getOut();
            out.print(ExperimentPlan.describe(spec));
            out.flush();
            return ExitCode.OK;
        }
        return run();
    }

    private int run() {
        try (Interruption interruption = Interruption.watch(() -> "interrupted before the run began")) {
            AppSettings settings = shared.settings();
            ExperimentSpec spec = ExperimentFile.load(file, overrides);
            Dataset dataset = Datasets.load(spec.task(), spec.seed(), data.directory());
            Optional<ImportedZoo> zoo = ImportedZoo.ifAny(spec, dataset, data.directory());
            RunId run = runId(spec);
            interruption.check();
            RunDirectory directory = RunDirectory.create(runsDir, run);
            interruption.farewell(directory::interrupt);
            Torch.useThreads(settings.threads());
            RunSubmitted submission = submission(run, spec, dataset, zoo);
            Results results = new Results(spec, dataset, directory);
            return logged(directory, interruption, () -> run(settings, submission, results, interruption));
        }
    }

    private static int logged(RunDirectory directory, Interruption interruption, IntSupplier run) {
        RunLog log = RunLog.open(directory.log());
        try {
            return run.getAsInt();
        } catch (RuntimeException | Error e) {
            LOG.info("run ended before its end", e);
            directory.giveUp();
            // In a process that ends much fails for no other reason, the start of a library for example.
            interruption.check();
            throw e;
        } finally {
            log.close();
        }
    }

    private int run(AppSettings settings, RunSubmitted submission, Results results, Interruption interruption) {
        PrintWriter out = command.commandLine().getOut();
        out.printf("run %s in %s%n", submission.run(), results.directory().path());
        out.flush();
        BlobStore store = blobs.store(settings.blobs(), results.directory().blobs());
        BlobStores.require(store);
        try (Brokers brokers =
                Brokers.open(settings.kafka(), results.directory().broker())) {
            interruption.check();
            try (Wires wires = Wires.connect(brokers.settings(), store)) {
                LiveRun live = new LiveRun(brokers, wires, interruption);
                RunCompleted end;
                try (RunView view = RunView.create(results.spec(), out)) {
                    end = live.perform(
                            submission.run(),
                            List.of(submission),
                            1,
                            new LiveRun.Worksite(roles, data.directory(), settings),
                            view);
                }
                interruption.check();
                results.write(wires, end, out);
                results.upload(settings.mlflow(), submission.run());
                return end.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
            }
        }
    }

    private RunId runId(ExperimentSpec spec) {
        try {
            return name == null ? RunId.create(spec.name(), Clock.systemUTC()) : new RunId(name);
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), e);
        }
    }

    private static RunSubmitted submission(RunId run, ExperimentSpec spec, Dataset dataset, Optional<ImportedZoo> zoo) {
        Map<String, String> provenance = new LinkedHashMap<>(Provenance.collect(spec));
        dataset.hashes().forEach((source, hash) -> provenance.put("data." + source, hash));
        zoo.ifPresent(imported -> provenance.put("data.zoo", imported.hash()));
        return new RunSubmitted(run, ExperimentFile.render(spec), provenance);
    }
}
