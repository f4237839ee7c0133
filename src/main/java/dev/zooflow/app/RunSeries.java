package dev.zooflow.app;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.Variant;
import dev.zooflow.report.BestNetworks;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The runs of an experiment in this process, one after the other, and at the end of several the best group of each. */
final class RunSeries {

    /** The option of {@code run} that leaves out what was completed before. */
    static final String SKIP = "--skip-completed";

    private final RunOptions options;
    private final PrintWriter out;
    private final NextCommand next;
    private final List<StoredRun> done = new ArrayList<>();
    // Both are read when an interruption comes, by another thread.
    private final List<Variant> left = new CopyOnWriteArrayList<>();
    private volatile @Nullable Path begun;

    /**
     * One that has not begun.
     *
     * @param options of the command
     * @param out for people
     * @param next what the user may type afterwards
     */
    RunSeries(RunOptions options, PrintWriter out, NextCommand next) {
        this.options = options;
        this.out = out;
        this.next = next;
    }

    /**
     * Performs them, several also after one that failed, unless their sweep says otherwise.
     *
     * @param completed what need not be made again
     * @param failed tells of a failure and gives its exit code
     * @return the largest exit code
     */
    int perform(List<Variant> variants, CompletedRuns completed, ToIntFunction<RuntimeException> failed) {
        options.requireNoName(variants);
        for (Variant variant : variants) {
            completed.of(variant).ifPresentOrElse(run -> skip(variant, run), () -> left.add(variant));
        }
        if (variants.size() == 1) {
            return left.isEmpty() ? ExitCode.OK : perform(variants.get(0)).code();
        }
        try (Interruption interruption = Interruption.watch(() -> farewell(variants.size()))) {
            try {
                return perform(failed, interruption);
            } finally {
                rank(BestNetworks.metricOf(variants.get(0).spec()));
            }
        }
    }

    private void skip(Variant variant, StoredRun run) {
        tellSkipped(variant, run, out);
        if (!done.contains(run)) {
            done.add(run);
        }
    }

    private int perform(ToIntFunction<RuntimeException> failed, Interruption interruption) {
        int worst = ExitCode.OK;
        while (!left.isEmpty()) {
            Variant variant = left.get(0);
            interruption.check();
            int code;
            try {
                NewRun.End end = perform(variant);
                done.add(StoredRun.read(end.directory()));
                code = end.code();
            } catch (Interruption.InterruptedRunException e) {
                throw e;
            } catch (RuntimeException e) {
                code = failed.applyAsInt(e);
            }
            begun = null;
            left.remove(0);
            worst = Math.max(worst, code);
            if (code != ExitCode.OK && endsWithAFailure(variant) && !left.isEmpty()) {
                out.printf(
                        "%nsweep.on-failure (stop) leaves out%s%nMaybe `%s` once that is mended?%n",
                        listed(), next.with(SKIP));
                break;
            }
        }
        return worst;
    }

    private static boolean endsWithAFailure(Variant variant) {
        return variant.spec()
                .sweep()
                .filter(sweep -> sweep.onFailure() == SweepSpec.OnFailure.STOP)
                .isPresent();
    }

    private NewRun.End perform(Variant variant) {
        tell(variant, out);
        RunId run = options.run(variant.spec());
        begun = options.runs().directory().resolve(run.value());
        return new NewRun(options, out).perform(run, variant.spec(), origin -> EachOption.addTo(origin, variant));
    }

    /** What is left, and how to go on with it. */
    private String farewell(int runs) {
        if (left.isEmpty()) {
            return "interrupted: all %d runs are over".formatted(runs);
        }
        Optional<Path> first = Optional.ofNullable(begun).filter(this::canGoOn);
        List<String> commands = new ArrayList<>();
        first.map(next::resume).ifPresent(commands::add);
        if (left.size() > commands.size()) {
            commands.add(next.with(SKIP));
        }
        return "interrupted: %d of %d runs are over, left are%s%s\nMaybe %s?"
                .formatted(
                        runs - left.size(),
                        runs,
                        listed(),
                        first.map("\nThe first of these was begun as %s."::formatted)
                                .orElse(""),
                        commands.stream().map("`%s`"::formatted).collect(Collectors.joining(", then ")));
    }

    private boolean canGoOn(Path run) {
        boolean elsewhere = !options.settings().kafka().bootstrapServers().isEmpty();
        return elsewhere ? Files.isDirectory(run) : RunDirectory.holdsLog(run);
    }

    private String listed() {
        return left.stream().map(variant -> "\n  " + variant.label()).collect(Collectors.joining());
    }

    /** Says which of several it is. */
    static void tell(Variant variant, PrintWriter out) {
        if (!variant.values().isEmpty()) {
            out.printf("%n%s%n", variant.label());
            out.flush();
        }
    }

    /** Says that it is not made again. */
    static void tellSkipped(Variant variant, StoredRun run, PrintWriter out) {
        tell(variant, out);
        out.printf("skipped: completed before as %s%n", run.path());
        out.flush();
    }

    private void rank(SweepSpec.Metric metric) {
        if (done.isEmpty()) {
            return;
        }
        Ranking ranking = new Ranking(Ranking.known(metric, done), metric.goal(), 1);
        out.println();
        out.println("the best group of each run by " + ranking.metric());
        ranking.lines(ranking.bestOfEach(done)).forEach(out::println);
        out.flush();
    }
}
