package dev.zooflow.app;

import dev.zooflow.data.Datasets;
import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.MessageSizes;
import dev.zooflow.experiment.Outlay;
import dev.zooflow.experiment.TaskShape;
import dev.zooflow.experiment.Variant;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Topic;
import dev.zooflow.model.FlowSize;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Spec
    private CommandSpec command;

    @Mixin
    private RunOptions options;

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

    @Mixin
    private EachOption each;

    @Option(
            names = "--dry-run",
            description =
                    "Runs nothing: prints what it would do, trial by trial, and its topics, and an estimate of time and storage.")
    private boolean dryRun;

    @Option(
            names = RunSeries.SKIP,
            description = {
                "Leaves out what --runs-dir holds a completed run of, with the same resolved experiment and the same values",
                "of --each and the sweep; several runs are ranked with those. Data and versions are not compared."
            })
    private boolean skipCompleted;

    @Override
    public Integer call() {
        List<Variant> variants = each.load(file, overrides);
        PrintWriter out = command.commandLine().getOut();
        CompletedRuns completed =
                CompletedRuns.among(skipCompleted ? options.runs().all() : List.of());
        if (dryRun) {
            describe(variants, completed, out);
            return ExitCode.OK;
        }
        NextCommand next = new NextCommand(command.commandLine().getParseResult());
        return new RunSeries(options, out, next)
                .perform(variants, completed, e -> ErrorLines.onFailure(e, command.commandLine(), false));
    }

    private void describe(List<Variant> variants, CompletedRuns completed, PrintWriter out) {
        Outlay outlay = Outlay.NONE;
        for (Variant variant : variants) {
            Optional<StoredRun> before = completed.of(variant);
            if (before.isPresent()) {
                RunSeries.tellSkipped(variant, before.get(), out);
            } else {
                outlay = describe(variant, outlay, out);
            }
        }
        if (outlay.runs() > 1) {
            out.printf("%nall of them: %s%n", outlay.text());
        }
        out.flush();
    }

    private Outlay describe(Variant variant, Outlay before, PrintWriter out) {
        ExperimentSpec spec = variant.spec();
        KafkaSettings kafka = options.settings().kafka();
        List<String> topics = Arrays.stream(Topic.values())
                .map(topic -> topic.name(kafka.prefix()))
                .toList();
        Optional<TaskShape> shape = Datasets.shape(spec.task(), spec.seed(), options.dataDir());
        shape.ifPresent(s -> MessageSizes.require(spec, s.inputs(), s.classes(), kafka.claimLimit()));
        RunSeries.tell(variant, out);
        out.print(ExperimentPlan.describe(spec, shape, topics, FlowSize::parameters));
        return before.plus(spec, shape, FlowSize::parameters);
    }
}
