package dev.zooflow.app;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Datasets;
import dev.zooflow.exchange.NetworkFiles;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.report.BestNetworks;
import dev.zooflow.report.DataDescription;
import dev.zooflow.report.NetworkExport;
import dev.zooflow.report.RunRecord;
import dev.zooflow.report.ZooExport;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow export}: generated networks of a run, or its zoo, as files that PyTorch loads. */
@Command(
        name = "export",
        description = {
            "Writes the generated networks of a run as folders that PyTorch loads in two lines, or with --zoo the networks",
            "that it trained, for experiments with zoo.kind = imported.",
            "Reads them from the run's event log: that of its directory, or that of --bootstrap-servers."
        })
final class ExportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private SharedOptions shared;

    @Mixin
    private DataDirOption data;

    @Parameters(index = "0", paramLabel = "DIR", description = "The directory of the run.")
    private Path directory;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Where the folders go (default: networks in the run's directory, of a variant in variants/NAME there).")
    private @Nullable Path out;

    @Option(names = "--flow", paramLabel = "NAME", description = "Only this flow's networks (default: all flows).")
    private @Nullable String flow;

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description = "The networks of this variant of samplings (default: those of the sampling itself).")
    private @Nullable String variant;

    @Option(
            names = "--count",
            paramLabel = "N",
            description = "So many networks of each flow (default: all; with --best 1).")
    private @Nullable Integer count;

    @Option(
            names = "--best",
            description = {
                "The best alone: of the flow that is best by --metric the networks that are new (nn ratio of 0.75 or more) and",
                "most accurate, all by the validation split. Their model cards say so (default folder: best)."
            })
    private boolean best;

    @Option(
            names = "--metric",
            paramLabel = "NAME",
            description =
                    "A value of scores.json that ranks flows, by the validation split (default: that of the sweep, else novel_performant_075).")
    private @Nullable String metric;

    @Option(
            names = "--goal",
            paramLabel = "GOAL",
            description =
                    "maximize or minimize (default: the sweep's where --metric is its own, else as the metric's name says).")
    private SweepSpec.@Nullable Goal goal;

    @Option(names = "--zoo", description = "The zoo instead, training and held-out networks (default folder: zoo).")
    private boolean zoo;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "Of the zoo's files: safetensors, npy, npz or h5 (default: safetensors).")
    private @Nullable String format;

    @Mixin
    private BlobsOption blobs;

    @Override
    public Integer call() {
        if (count != null && count < 1) {
            throw UserError.usage("--count (%d) is less than 1. Maybe leave it out?".formatted(count));
        }
        if (best && zoo) {
            throw UserError.usage("--best and --zoo are given both. Maybe the one, then the other?");
        }
        if (variant != null && zoo) {
            throw UserError.usage("--variant (%s) is no part of a zoo. Maybe without --zoo?".formatted(variant));
        }
        if (format != null && !zoo) {
            throw UserError.usage("--format (%s) is for a zoo. Maybe --zoo besides?".formatted(format));
        }
        if (format != null && !NetworkFiles.WRITTEN.contains(format)) {
            throw UserError.usage("--format (%s) is none of %s. Maybe leave it out?"
                    .formatted(format, String.join(", ", NetworkFiles.WRITTEN)));
        }
        return zoo ? exportZoo() : exportGenerated();
    }

    private int exportZoo() {
        Path target = Optional.ofNullable(out).orElse(directory.resolve("zoo"));
        ZooExport export = new ZooExport(target, Optional.ofNullable(format).orElse(NetworkFiles.WRITTEN.get(0)));
        read(wires -> {
            LiveRun.zoo(wires, run(), export::accept);
            return export;
        });
        if (export.count() == 0) {
            throw UserError.usage("run (%s) has no zoo. Maybe it ended before it trained any?".formatted(run()));
        }
        command.commandLine().getOut().printf("%d trajectories in %s%n", export.count(), target);
        return ExitCode.OK;
    }

    private int exportGenerated() {
        int kept = best ? Integer.MAX_VALUE : Objects.requireNonNullElse(count, Integer.MAX_VALUE);
        String sampled = Objects.requireNonNullElse(variant, "");
        RunRecord all = read(wires -> LiveRun.record(wires, run(), kept, sampled));
        ExperimentSpec spec = all.spec()
                .orElseThrow(() -> UserError.infrastructure(
                        "run (%s) is not in the event log. Maybe it ran on other brokers?".formatted(all.run())));
        requireVariant(spec);
        RunRecord record = wanted(all);
        Dataset dataset = Datasets.load(spec.task(), spec.seed(), data.directory());
        Path target = Optional.ofNullable(out)
                .orElse(directory
                        .resolve(variant == null ? "" : "variants/" + variant)
                        .resolve(best ? "best" : "networks"));
        DataDescription description = Results.describe(dataset);
        List<Path> folders = best
                ? NetworkExport.write(record, description, chosen(record, spec), target)
                : NetworkExport.write(record, description, target);
        command.commandLine().getOut().printf("%d networks in %s%n", folders.size(), target);
        return ExitCode.OK;
    }

    private void requireVariant(ExperimentSpec spec) {
        List<String> known = spec.samplings().stream().map(SamplingSpec::name).toList();
        if (variant != null && !known.contains(variant)) {
            throw UserError.usage("variant (%s) is no sampling of run (%s). Maybe %s?"
                    .formatted(variant, run(), known.isEmpty() ? "leave it out: the run has none" : "one of " + known));
        }
    }

    private BestNetworks chosen(RunRecord record, ExperimentSpec spec) {
        SweepSpec.Metric ranking = BestNetworks.metricOf(spec, metric, goal);
        BestNetworks chosen = BestNetworks.of(record, ranking, Objects.requireNonNullElse(count, 1));
        command.commandLine()
                .getOut()
                .printf("flow %s is best by %s%n", chosen.networks().flow(), ranking.selection());
        return chosen;
    }

    private <T> T read(Function<Wires, T> reader) {
        run();
        AppSettings settings = shared.settings();
        if (settings.kafka().bootstrapServers().isEmpty() && !RunDirectory.holdsLog(directory)) {
            throw UserError.usage(
                    "run directory (%s) holds no event log. Maybe another directory, or --bootstrap-servers?"
                            .formatted(directory));
        }
        BlobStore store = blobs.store(settings.blobs(), RunDirectory.blobs(directory));
        try (Brokers brokers = brokers(settings.kafka());
                Wires wires = Wires.connect(brokers.settings(), store)) {
            return reader.apply(wires);
        }
    }

    private Brokers brokers(KafkaSettings kafka) {
        return kafka.bootstrapServers().isEmpty()
                ? Brokers.open(kafka, RunDirectory.broker(directory))
                : Brokers.visit(kafka);
    }

    private RunId run() {
        return RunDirectory.id(directory);
    }

    private static String others(RunRecord r) {
        List<String> flows =
                r.generated().stream().map(GeneratedNetworks::flow).distinct().toList();
        return flows.isEmpty() ? "it ended before it generated any" : "one of " + flows;
    }

    private RunRecord wanted(RunRecord r) {
        RunRecord wanted = flow == null ? r : r.ofFlow(flow);
        if (wanted.generated().isEmpty()) {
            throw UserError.usage("run (%s) has no networks%s%s. Maybe %s?"
                    .formatted(
                            r.run(),
                            flow == null ? "" : " of flow " + flow,
                            variant == null ? "" : " sampled as " + variant,
                            others(r)));
        }
        return wanted;
    }
}
