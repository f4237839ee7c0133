package dev.zooflow.experiment.search;

import dev.zooflow.experiment.EarlyTerminateSpec.Halving;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Asynchronous successive halving (Li et al., MLSys 2020) in its stopping variant, as Ray Tune's {@code ASHAScheduler} has
 * it: rungs stand at r η^(s+k), k = 0, 1, …, up to R. The first value of a trial at or after a rung, and before the next, is its
 * value there; a trial goes on if it is at least the 1 − 1/η quantile of the values of those that were there before.
 *
 * @param first r η^s, time of the first rung
 * @param eta η
 * @param rungs their number; with none nothing is stopped
 */
record SuccessiveHalving(double first, double eta, int rungs) implements Stopper {

    // Of what a logarithm of a power lacks to the whole number.
    private static final double ROUNDING = 1e-9;

    /** The rungs of a bracket. */
    static SuccessiveHalving bracket(Halving numbers, int s) {
        double eta = numbers.reductionFactor();
        int rungs = exponent(numbers.maxT() / numbers.gracePeriod(), eta) - s + 1;
        return new SuccessiveHalving(numbers.gracePeriod() * Math.pow(eta, s), eta, Math.max(0, rungs));
    }

    /** One bracket with all rungs. */
    static SuccessiveHalving asha(Halving numbers) {
        return bracket(numbers, 0);
    }

    /** The largest whole k with η^k at most the ratio. */
    static int exponent(double ratio, double eta) {
        return (int) Math.floor(Math.log(ratio) / Math.log(eta) + ROUNDING);
    }

    /** Times of the rungs. */
    double[] times() {
        return DoubleStream.iterate(first, t -> t * eta).limit(rungs).toArray();
    }

    /** The rung that a time belongs to, from 0; −1 before the first. */
    private int rung(double time) {
        return time < first ? -1 : Math.min(rungs - 1, exponent(time / first, eta));
    }

    @Override
    public OptionalDouble shortfall(List<TrialReport> before, TrialReport now) {
        int rung = rung(now.time());
        if (rung < 0) {
            return OptionalDouble.empty();
        }
        Set<String> there = new HashSet<>();
        double[] values = before.stream()
                .filter(r -> rung(r.time()) == rung && there.add(r.trial()))
                .mapToDouble(TrialReport::utility)
                .toArray();
        if (values.length == 0 || there.contains(now.trial())) {
            return OptionalDouble.empty();
        }
        double cutoff = Quantile.of(values, 1 - 1 / eta);
        return now.utility() < cutoff ? OptionalDouble.of(cutoff) : OptionalDouble.empty();
    }
}
