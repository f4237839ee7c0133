package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.Provenance;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.report.ScoreAgreement;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code zooflow rerun}: a run once more, and whether its scores come out again. */
@Command(
        name = "rerun",
        description = {
            "Repeats a run from the resolved experiment and the seed in its run.json, as a new run that names it (`reruns`),",
            "and compares their scores: equal bit by bit, or the largest difference of each group and exit code 4.",
            "Data with another SHA-256 are refused. A training whose budget is a time may end at another step."
        })
final class RerunCommand implements Callable<Integer> {

    /** Key of the provenance under which a run names the one that it repeats. */
    static final String LINEAGE = "reruns";

    private static final String DATA = "data.";
    private static final Set<String> UNREMARKABLE =
            Set.of("started", "heap-mib", Provenance.GIT_DIFF, "git-dirty", LINEAGE, "extends");

    @Spec
    private CommandSpec command;

    @Mixin
    private RunOptions options;

    @Parameters(index = "0", paramLabel = "RUN", description = "The run's id, or its directory.")
    private String run = "";

    @Override
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        StoredRun source = options.runs().find(run);
        ExperimentSpec spec = source.experiment();
        if (source.scores().isEmpty()) {
            throw UserError.usage("run (%s) is %s and has no scores to compare with. Maybe `zooflow ls` names another?"
                    .formatted(source.run(), source.status()));
        }
        NewRun.End end = new NewRun(options, out).perform(options.run(spec), spec, origin -> {
            requireSameData(source, origin);
            caveats(source, spec, origin).forEach(out::println);
            origin.put(LINEAGE, source.run().value());
        });
        ScoreAgreement agreement = ScoreAgreement.of(
                source.scores(), StoredRun.read(end.directory()).scores());
        lines(source, agreement).forEach(out::println);
        out.flush();
        return end.code() != ExitCode.OK || agreement.isComplete() ? end.code() : ExitCode.DIFFERENT;
    }

    private static void requireSameData(StoredRun source, Map<String, String> origin) {
        source.provenance().forEach((key, hash) -> {
            if (key.startsWith(DATA) && !hash.equals(origin.get(key))) {
                throw UserError.infrastructure(
                        "data (%s) have SHA-256 %s, but had %s in run (%s). Maybe --data-dir with the files of then?"
                                .formatted(
                                        key.substring(DATA.length()),
                                        Objects.requireNonNullElse(origin.get(key), "none"),
                                        hash,
                                        source.run()));
            }
        });
    }

    /** Why scores may differ, as far as that is known before. */
    static List<String> caveats(StoredRun source, ExperimentSpec spec, Map<String, String> origin) {
        List<String> out = new ArrayList<>();
        List<String> timed = spec.flows().stream()
                .filter(flow -> !flow.training().time().isZero())
                .map(FlowSpec::name)
                .toList();
        if (!timed.isEmpty()) {
            out.add("flows %s are trained for a time and may end at another step: their scores need not be equal"
                    .formatted(String.join(", ", timed)));
        }
        if (spec.sweep().filter(RerunCommand::isDecidedByScores).isPresent()) {
            out.add("the sweep may propose and stop other trials: both follow the order in which scores come");
        }
        String extended = source.provenance().get("extends");
        if (extended != null) {
            out.add("%s extends %s; here every flow is trained from its beginning".formatted(source.run(), extended));
        }
        source.provenance().forEach((key, then) -> {
            String now = origin.get(key);
            if (now != null && !now.equals(then) && !UNREMARKABLE.contains(key)) {
                out.add("%s was %s, is %s".formatted(key, then, now));
            }
        });
        return out;
    }

    private static boolean isDecidedByScores(SweepSpec sweep) {
        return sweep.method() == SweepSpec.Method.TPE || sweep.stopsTrials();
    }

    private static List<String> lines(StoredRun source, ScoreAgreement agreement) {
        List<ScoreAgreement.Group> different = agreement.different();
        if (different.isEmpty()) {
            return List.of("scores agree with those of %s bit by bit: %d values of %d groups"
                    .formatted(
                            source.run(), agreement.values(), agreement.groups().size()));
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("group", "equal values", "largest difference", "then", "now", "relative"));
        different.forEach(group -> rows.add(row(group)));
        List<String> out = new ArrayList<>();
        out.add("scores differ from those of %s in %d of %d groups"
                .formatted(source.run(), different.size(), agreement.groups().size()));
        out.addAll(TextTable.lines(rows));
        return out;
    }

    private static List<String> row(ScoreAgreement.Group group) {
        ScoreAgreement.Difference largest = group.largest().orElseThrow();
        return List.of(
                group.group(),
                "%d of %d".formatted(group.equal(), group.values()),
                largest.name(),
                text(largest.then()),
                text(largest.now()),
                text(largest.relative()));
    }

    private static String text(double value) {
        return Double.isFinite(value) ? Story.text("%.4g", value) : "–";
    }
}
