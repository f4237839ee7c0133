package dev.zooflow.experiment.search;

import dev.zooflow.experiment.EarlyTerminateSpec.Halving;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/**
 * Hyperband (Li et al., JMLR 2018) without its barriers, as Optuna's {@code HyperbandPruner} has it: brackets s = 0 … s_max of
 * {@link SuccessiveHalving}, s_max = ⌊log_η(R/r)⌋, whose first rungs stand at r η^s. A trial belongs to one of them by a hash
 * of its name, in proportion to ⌈(s_max + 1) η^(s_max − s) / (s_max − s + 1)⌉, and competes there only.
 *
 * @param brackets by s
 * @param shares of the trials
 * @param seed of the hash
 */
record Hyperband(List<SuccessiveHalving> brackets, int[] shares, long seed) implements Stopper {

    Hyperband(Halving numbers, long seed) {
        this(
                IntStream.rangeClosed(0, last(numbers))
                        .mapToObj(s -> SuccessiveHalving.bracket(numbers, s))
                        .toList(),
                IntStream.rangeClosed(0, last(numbers))
                        .map(s -> share(last(numbers), last(numbers) - s, numbers.reductionFactor()))
                        .toArray(),
                seed);
    }

    private static int last(Halving numbers) {
        return SuccessiveHalving.exponent(numbers.maxT() / numbers.gracePeriod(), numbers.reductionFactor());
    }

    private static int share(int last, int halvings, double eta) {
        return (int) Math.ceil((last + 1) * Math.pow(eta, halvings) / (halvings + 1));
    }

    /** The bracket of a trial. */
    int bracket(String trial) {
        CRC32 hash = new CRC32();
        hash.update("%d_%s".formatted(seed, trial).getBytes(StandardCharsets.UTF_8));
        long place = hash.getValue() % IntStream.of(shares).sum();
        int s = 0;
        for (; place >= shares[s]; s++) {
            place -= shares[s];
        }
        return s;
    }

    @Override
    public OptionalDouble shortfall(List<TrialReport> before, TrialReport now) {
        int bracket = bracket(now.trial());
        List<TrialReport> rivals =
                before.stream().filter(r -> bracket(r.trial()) == bracket).toList();
        return brackets.get(bracket).shortfall(rivals, now);
    }
}
