package dev.zooflow.experiment.search;

import dev.zooflow.experiment.EarlyTerminateSpec;
import java.util.List;
import java.util.OptionalDouble;

/** A rule that says of a trial, whenever something is told of it, whether it is to be stopped. */
public interface Stopper {

    /**
     * The utility that the trial falls short of, or nothing where it is to go on.
     *
     * @param before what was told until now, of all trials, in its order; nothing of a trial after it was stopped
     * @param now what is told
     */
    OptionalDouble shortfall(List<TrialReport> before, TrialReport now);

    /**
     * The rule in force.
     *
     * @param seed of the brackets of hyperband
     */
    static Stopper of(EarlyTerminateSpec spec, long seed) {
        return switch (spec.type()) {
            case NONE -> (before, now) -> OptionalDouble.empty();
            case MEDIAN -> new MedianStopping(spec.median());
            case ASHA -> SuccessiveHalving.asha(spec.asha());
            case HYPERBAND -> new Hyperband(spec.hyperband(), seed);
        };
    }
}
