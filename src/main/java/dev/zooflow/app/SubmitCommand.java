package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.MessageSizes;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.Variant;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Topic;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow submit}: an experiment for the fleet. */
@Command(
        name = "submit",
        description = {
            "Puts an experiment in the event log of a fleet and prints the run's id; does not wait for it.",
            "A `worker` with the role coordinator takes it from there."
        })
final class SubmitCommand extends AbstractFleetCommand {

    @Parameters(index = "0", paramLabel = "FILE", description = "The experiment.")
    private Path file;

    @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = "Values above the file's.")
    private List<String> overrides = List.of();

    @Mixin
    private EachOption each;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the run (default: the experiment's name and the time).")
    private @Nullable String name;

    @Override
    int perform(Wires wires) {
        List<Variant> variants = each.load(file, overrides);
        EachOption.requireNoName(name, variants);
        variants.forEach(variant -> MessageSizes.require(variant.spec(), kafka().claimLimit()));
        variants.forEach(variant -> submit(variant, wires));
        return ExitCode.OK;
    }

    private void submit(Variant variant, Wires wires) {
        RunId run = Optional.ofNullable(name)
                .map(AbstractFleetCommand::run)
                .orElseGet(() -> RunId.create(variant.spec().name(), Clock.systemUTC()));
        requireNew(run, wires);
        Map<String, String> origin = new LinkedHashMap<>(Origin.collect(variant.spec()));
        EachOption.addTo(origin, variant);
        publish(wires, new RunEvent.RunSubmitted(run, ExperimentFile.render(variant.spec()), origin));
        publish(wires, new RunEvent.RunOffered(run));
        Map<String, Object> told = new LinkedHashMap<>(Map.of("run", run.value()));
        if (!variant.values().isEmpty()) {
            told.put(Variant.EACH, variant.label());
        }
        say(told, (run.value() + "  " + variant.label()).strip());
    }

    /** Refuses the name of a run that the log knows. */
    static void requireNew(RunId run, Wires wires) {
        AtomicBoolean known = new AtomicBoolean();
        wires.log().replay(run, Topic.RUNS, recorded -> known.set(true));
        if (known.get()) {
            throw UserError.usage("run (%s) exists in the event log. Maybe another --name, or `zooflow resume %s`?"
                    .formatted(run, run));
        }
    }
}
