package dev.zooflow.app;

import dev.zooflow.blob.BlobStores;
import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.MessageSizes;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.tensor.Torch;
import dev.zooflow.zoo.ImportedZoo;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run from its experiment to its report, in this process.
 *
 * @param options of the command
 * @param out for people
 */
record NewRun(RunOptions options, PrintWriter out) {

    private static final Logger LOG = LoggerFactory.getLogger(NewRun.class);

    /**
     * What became of it.
     *
     * @param directory of the run
     * @param code exit code
     */
    record End(Path directory, int code) {}

    /**
     * Performs it.
     *
     * @param provenance sees where the run comes from before anything is written, and may add to it or refuse
     */
    End perform(RunId run, ExperimentSpec spec, Consumer<Map<String, String>> provenance) {
        try (Interruption interruption = Interruption.watch(() -> "interrupted before the run began")) {
            AppSettings settings = options.settings();
            Torch.useThreads(settings.threads());
            Dataset dataset = Datasets.load(spec.task(), spec.seed(), options.dataDir());
            MessageSizes.require(
                    spec,
                    dataset.features(),
                    dataset.classes().size(),
                    settings.kafka().claimLimit());
            Optional<ImportedZoo> zoo = ImportedZoo.ifAny(spec, dataset, options.dataDir());
            Map<String, String> origin = new LinkedHashMap<>(Origin.collect(spec, dataset, zoo));
            provenance.accept(origin);
            RunPage page = new RunPage(options.page().port());
            interruption.check();
            RunDirectory directory = RunDirectory.create(options.runs().directory(), run);
            interruption.farewell(directory::interrupt);
            RunSubmitted submission = new RunSubmitted(run, ExperimentFile.render(spec), origin);
            Results results = new Results(spec, dataset, directory);
            int code = logged(directory, interruption, () -> run(settings, submission, results, page, interruption));
            return new End(directory.path(), code);
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

    private int run(
            AppSettings settings, RunSubmitted submission, Results results, RunPage page, Interruption interruption) {
        out.printf("run %s in %s%n", submission.run(), results.directory().path());
        out.flush();
        BlobStore store = options.store(settings, results.directory().blobs());
        BlobStores.require(store);
        try (Brokers brokers =
                Brokers.open(settings.kafka(), results.directory().broker())) {
            interruption.check();
            brokers.claim(store);
            try (Wires wires = Wires.connect(brokers.settings(), store)) {
                LiveRun live = new LiveRun(brokers, wires, interruption);
                LiveRun.Worksite site = new LiveRun.Worksite(options.roles(), options.dataDir(), settings);
                RunCompleted end;
                try (RunView view = page.view(submission.run(), results.spec(), wires, brokers.settings(), out)) {
                    end = live.perform(submission.run(), List.of(submission), 1, site, view);
                }
                interruption.check();
                results.write(wires, end, out);
                results.upload(settings.mlflow(), submission.run());
                return end.failed().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
            }
        }
    }
}
