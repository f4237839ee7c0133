package dev.zooflow.app;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.zooflow.blob.Sweep;
import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code zooflow gc}: blobs that nothing refers to. */
@Command(
        name = "gc",
        description = {
            "Frees large payloads that no record on any topic refers to, and checkpoints that were overtaken (see",
            "zooflow.blobs in reference.conf). Runs may go on meanwhile. A store belongs to one cluster and one prefix."
        })
final class GcCommand extends AbstractFleetCommand {

    private static final Duration SHORTEST = Duration.ofMinutes(5);

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The directory of a run with an event log of its own (default: the fleet).")
    private @Nullable Path directory;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "1h",
            description =
                    "How long a payload may lie without a reference (default: ${DEFAULT-VALUE}): longer than any process "
                            + "waits for its brokers.")
    private String grace = "";

    @Option(
            names = "--nobody-writes",
            description = "No process of the store's runs is alive: --grace may be less than 5 minutes.")
    private boolean nobodyWrites;

    @Option(names = "--forget-unknown", description = "States of runs that the event log does not know, too.")
    private boolean forgetUnknown;

    @Option(names = "--dry-run", description = "Lists what would be freed, by its SHA-256, and frees nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
        if (directory == null) {
            return super.call();
        }
        if (!RunDirectory.holdsLog(directory)) {
            throw UserError.usage("run directory (%s) holds no event log. Maybe runs/<run>, or --bootstrap-servers?"
                    .formatted(directory));
        }
        KafkaSettings local = settings().kafka().withBootstrapServers("");
        try (Brokers brokers = Brokers.open(local, RunDirectory.broker(directory));
                Wires wires = Wires.connect(brokers.settings(), store(RunDirectory.blobs(directory)))) {
            return collect(wires, brokers.settings());
        }
    }

    @Override
    int perform(Wires wires) {
        return collect(wires, kafka());
    }

    private int collect(Wires wires, KafkaSettings kafka) {
        GarbageCollection collection = new GarbageCollection(settings().blobs(), grace(), forgetUnknown, dryRun);
        Sweep.Outcome outcome = collection.perform(wires, kafka);
        say(row(outcome), text(outcome));
        out().flush();
        return ExitCode.OK;
    }

    private Duration grace() {
        Duration time = duration(grace);
        if (time.compareTo(SHORTEST) < 0 && !nobodyWrites) {
            throw UserError.usage(
                    "grace (%s) is less than 5 minutes: a message that waits for its brokers would lose its payload. Maybe --grace 1h, or --nobody-writes where no process is alive?"
                            .formatted(grace));
        }
        return time;
    }

    private static Duration duration(String text) {
        try {
            Duration time = ConfigFactory.empty()
                    .withValue("grace", ConfigValueFactory.fromAnyRef(text))
                    .getDuration("grace");
            if (!time.isNegative()) {
                return time;
            }
        } catch (ConfigException e) {
            throw UserError.usage("grace (%s) is no time. Maybe 1h?".formatted(text), e);
        }
        throw UserError.usage("grace (%s) is negative. Maybe 1h?".formatted(text));
    }

    private Map<String, Object> row(Sweep.Outcome outcome) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("dry_run", dryRun);
        row.put("blobs", outcome.all().blobs());
        row.put("bytes", outcome.all().bytes());
        row.put("young_blobs", outcome.young().blobs());
        row.put("young_bytes", outcome.young().bytes());
        row.put("freed_blobs", outcome.freed().blobs());
        row.put("freed_bytes", outcome.freed().bytes());
        if (dryRun) {
            row.put("sha256", outcome.hashes());
        }
        return row;
    }

    private String text(Sweep.Outcome outcome) {
        String hashes = dryRun ? outcome.hashes().stream().map(h -> h + "\n").collect(Collectors.joining()) : "";
        return hashes
                + "%s %s of %s; %s without a reference are too young"
                        .formatted(
                                dryRun ? "would free" : "freed",
                                text(outcome.freed()),
                                text(outcome.all()),
                                text(outcome.young()));
    }

    private static String text(Sweep.Tally tally) {
        return String.format(Locale.ROOT, "%d blobs (%.1f MiB)", tally.blobs(), tally.bytes() / 1048576.0);
    }
}
