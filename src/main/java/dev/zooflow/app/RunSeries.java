package dev.zooflow.app;

import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.Variant;
import dev.zooflow.report.BestNetworks;
import dev.zooflow.report.StoredRun;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToIntFunction;

/**
 * The runs of an experiment in this process, one after the other, and at the end of several the best group of each.
 *
 * @param options of the command
 * @param out for people
 */
record RunSeries(RunOptions options, PrintWriter out) {

    /**
     * Performs them, several also after one that failed.
     *
     * @param failed tells of a failure and gives its exit code
     * @return the largest exit code
     */
    int perform(List<Variant> variants, ToIntFunction<RuntimeException> failed) {
        if (variants.size() == 1) {
            return perform(variants.get(0)).code();
        }
        options.requireNoName(variants);
        List<StoredRun> done = new CopyOnWriteArrayList<>();
        try (Interruption interruption = Interruption.watch(
                () -> "interrupted: %d of %d runs are over. Maybe `resume` the one that was begun, and then the others?"
                        .formatted(done.size(), variants.size()))) {
            try {
                return perform(variants, failed, interruption, done);
            } finally {
                rank(BestNetworks.metricOf(variants.get(0).spec()), done);
            }
        }
    }

    private int perform(
            List<Variant> variants,
            ToIntFunction<RuntimeException> failed,
            Interruption interruption,
            List<StoredRun> done) {
        int worst = ExitCode.OK;
        for (Variant variant : variants) {
            interruption.check();
            try {
                NewRun.End end = perform(variant);
                done.add(StoredRun.read(end.directory()));
                worst = Math.max(worst, end.code());
            } catch (Interruption.InterruptedRunException e) {
                throw e;
            } catch (RuntimeException e) {
                worst = Math.max(worst, failed.applyAsInt(e));
            }
        }
        return worst;
    }

    private NewRun.End perform(Variant variant) {
        tell(variant, out);
        return new NewRun(options, out).perform(variant.spec(), origin -> EachOption.addTo(origin, variant));
    }

    /** Says which of several it is. */
    static void tell(Variant variant, PrintWriter out) {
        if (!variant.values().isEmpty()) {
            out.printf("%n%s%n", variant.label());
            out.flush();
        }
    }

    private void rank(SweepSpec.Metric metric, List<StoredRun> done) {
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
