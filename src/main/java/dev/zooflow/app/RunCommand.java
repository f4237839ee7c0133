package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentPlan;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Topic;
import dev.zooflow.model.FlowSize;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    @Override
    public Integer call() {
        List<EachOption.Variant> variants = each.load(file, overrides);
        PrintWriter out = command.commandLine().getOut();
        if (dryRun) {
            variants.forEach(variant -> describe(variant, out));
            return ExitCode.OK;
        }
        return variants.size() == 1 ? perform(variants.get(0), out).code() : perform(variants, out);
    }

    private void describe(EachOption.Variant variant, PrintWriter out) {
        String prefix = options.settings().kafka().prefix();
        List<String> topics =
                Arrays.stream(Topic.values()).map(topic -> topic.name(prefix)).toList();
        tell(variant, out);
        out.print(ExperimentPlan.describe(variant.spec(), topics, FlowSize::parameters));
        out.flush();
    }

    private static void tell(EachOption.Variant variant, PrintWriter out) {
        if (!variant.values().isEmpty()) {
            out.printf("%n%s%n", String.join(" ", variant.values()));
            out.flush();
        }
    }

    private NewRun.End perform(EachOption.Variant variant, PrintWriter out) {
        tell(variant, out);
        return new NewRun(options, out).perform(variant.spec(), variant::addTo);
    }

    /** One after the other, also after one that failed, and the best group of each, the best run first. */
    private int perform(List<EachOption.Variant> variants, PrintWriter out) {
        options.requireNoName(variants.size());
        SweepSpec.Metric metric =
                variants.get(0).spec().sweep().map(SweepSpec::metric).orElse(Ranking.METRIC);
        Map<String, String> values = new LinkedHashMap<>();
        List<StoredRun> runs = new ArrayList<>();
        int worst = ExitCode.OK;
        for (EachOption.Variant variant : variants) {
            try {
                NewRun.End end = perform(variant, out);
                StoredRun run = StoredRun.read(end.directory());
                runs.add(run);
                values.put(run.run().value(), String.join(" ", variant.values()));
                worst = Math.max(worst, end.code());
            } catch (Interruption.InterruptedRunException e) {
                throw e;
            } catch (RuntimeException e) {
                worst = Math.max(worst, ErrorLines.onFailure(e, command.commandLine(), false));
            }
        }
        rank(new Ranking(Ranking.known(metric, runs), metric.goal(), 1), runs, values, out);
        return worst;
    }

    private static void rank(Ranking ranking, List<StoredRun> runs, Map<String, String> values, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        ranking.bestOfEach(runs).forEach(place -> {
            List<String> row =
                    new ArrayList<>(List.of(values.get(place.run().run().value())));
            row.addAll(ranking.row(place));
            rows.add(row);
        });
        List<String> head = new ArrayList<>(List.of("values"));
        head.addAll(ranking.head());
        rows.add(0, head);
        out.println();
        out.println("the best group of each run by " + ranking.metric());
        TextTable.lines(rows).forEach(out::println);
        out.flush();
    }
}
