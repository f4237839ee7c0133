package dev.zooflow.app;

import dev.zooflow.actor.Extension;
import dev.zooflow.blob.BlobStores;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.MessageSizes;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.RunEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow extend}: a new run that goes on from another one. */
@Command(
        name = "extend",
        description = {
            "Makes a new run from one that is over: the same zoo, flows that are trained on with a larger budget, and new",
            "flows, samplings or evaluations. Flows that stay as they are keep their final checkpoint.",
            "A run's directory is extended to another one beside it by this process; a run of the fleet by its workers."
        })
final class ExtendCommand extends AbstractGoOnCommand {

    @Parameters(
            index = "1..*",
            paramLabel = "KEY=VALUE",
            description =
                    "What differs: flows.geometric.training={steps=2000, time=2m}, samplings.0={name=coarse, steps=4}.")
    private List<String> overrides = List.of();

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the new run (default: the experiment's name and the time).")
    private @Nullable String name;

    @Override
    int perform(Wires wires) {
        RunId from = run(source());
        Extension extension = Extension.of(from, wires.log(), wires.blobs());
        ExperimentSpec spec = experiment(extension);
        RunId run = newRun(spec);
        SubmitCommand.requireNew(run, wires);
        begin(extension, from, run, spec, wires);
        publish(wires, new RunEvent.RunOffered(run));
        say(Map.of("run", run.value(), "extends", from.value()), run.value());
        return ExitCode.OK;
    }

    private ExperimentSpec experiment(Extension extension) {
        try {
            ExperimentSpec spec = extension.experiment(overrides);
            MessageSizes.require(spec, settings().kafka().claimLimit());
            return spec;
        } catch (IOException e) {
            throw BlobStores.unusable(e);
        }
    }

    private RunId newRun(ExperimentSpec spec) {
        return Optional.ofNullable(name)
                .map(AbstractFleetCommand::run)
                .orElseGet(() -> RunId.create(spec.name(), Clock.systemUTC()));
    }

    /** The submission stands first and everything stands before a coordinator takes the run. */
    private static void begin(Extension extension, RunId from, RunId run, ExperimentSpec spec, Wires wires) {
        Map<String, String> provenance = new LinkedHashMap<>(Origin.collect(spec));
        provenance.put("extends", from.value());
        try {
            publish(wires, new RunEvent.RunSubmitted(run, ExperimentFile.render(spec), provenance));
            extension.saveStates(run, spec);
            extension.events(run, spec).forEach(event -> publish(wires, event));
        } catch (IOException e) {
            throw BlobStores.unusable(e);
        }
    }

    /** The new directory holds a copy of the old one's log and blobs, so that each stands for itself. */
    @Override
    int inDirectory(Path source) {
        Path path = source.toAbsolutePath().normalize();
        RunId from = RunDirectory.id(path);
        ExperimentSpec spec = check(from, path);
        RunId run = newRun(spec);
        RunDirectory directory = RunDirectory.create(path.getParent(), run);
        try {
            directory.copyLog(path);
        } catch (RuntimeException e) {
            directory.giveUp();
            throw e;
        }
        BlobStore store = store(directory.blobs());
        return resumption()
                .inDirectory(
                        directory.path(),
                        store,
                        wires -> begin(Extension.of(from, wires.log(), wires.blobs()), from, run, spec, wires));
    }

    private ExperimentSpec check(RunId from, Path path) {
        try (Brokers brokers = Brokers.open(settings().kafka(), RunDirectory.broker(path));
                Wires wires = Wires.connect(brokers.settings(), store(RunDirectory.blobs(path)))) {
            return experiment(Extension.of(from, wires.log(), wires.blobs()));
        }
    }
}
