package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.Variant;
import dev.zooflow.report.StoredRun;
import java.util.List;
import java.util.Optional;

/**
 * Runs that need not be made again.
 *
 * @param runs that are completed, the latest first
 */
record CompletedRuns(List<StoredRun> runs) {

    /** Those of some runs. */
    static CompletedRuns among(List<StoredRun> runs) {
        return new CompletedRuns(
                runs.stream().filter(run -> run.status().equals("completed")).toList());
    }

    /** The latest one with the same resolved experiment and the same values. */
    Optional<StoredRun> of(Variant variant) {
        return runs.stream()
                .filter(run -> EachOption.isOf(run.provenance(), variant))
                .filter(run -> performed(run, variant.spec()))
                .findFirst();
    }

    private static boolean performed(StoredRun run, ExperimentSpec spec) {
        try {
            return asBegun(run.experiment(), spec).equals(spec);
        } catch (UserError e) {
            return false;
        }
    }

    /** Without trials that were proposed on the way. */
    private static ExperimentSpec asBegun(ExperimentSpec performed, ExperimentSpec spec) {
        int begun = spec.flows().size();
        boolean proposes =
                spec.sweep().filter(s -> s.method() == SweepSpec.Method.TPE).isPresent();
        return proposes && performed.flows().size() > begun
                ? performed.with(performed.flows().subList(0, begun))
                : performed;
    }
}
