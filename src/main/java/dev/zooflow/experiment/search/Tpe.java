package dev.zooflow.experiment.search;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The tree-structured Parzen estimator (Bergstra et al., NeurIPS 2011) with the defaults of {@code TPESampler} of Optuna 4: each
 * parameter for itself, n observations are split into the best min(⌈n / 10⌉, 25) and the rest, and of 24 candidates that the
 * {@link Parzen} estimator l of the best draws, the one with the largest l / g is taken, g that of the rest.
 *
 * @param choices of each parameter; 0 for one that is a number
 */
public record Tpe(int[] choices) {

    /** Trials that are drawn at random before the first proposal. */
    public static final int START_UP_TRIALS = 10;

    private static final int CANDIDATES = 24;
    private static final int MOST_GOOD = 25;

    /**
     * A trial that is over.
     *
     * @param places of its parameters in [0, 1); a choice i of c has any in [i/c, (i+1)/c)
     * @param complete whether it came to its end
     * @param time that it came to, where it did not
     * @param utility larger is better
     */
    public record Observation(double[] places, boolean complete, double time, double utility) {
        // Those that were stopped come behind all that were not, and of them the longest first, as in Optuna.
        private static final Comparator<Observation> BEST_FIRST = Comparator.comparing((Observation o) -> !o.complete)
                .thenComparingDouble(o -> o.complete ? 0 : -o.time)
                .thenComparingDouble(o -> -o.utility);
    }

    /** A place for each parameter at random. */
    public double[] random(RandomGenerator random) {
        return IntStream.range(0, choices.length)
                .mapToDouble(p -> random.nextDouble())
                .toArray();
    }

    /**
     * Proposes a place for each parameter.
     *
     * @param observations in the order of the trials
     */
    public double[] propose(List<Observation> observations, RandomGenerator random) {
        Set<Observation> best = new HashSet<>(best(good(observations.size()), observations));
        List<Observation> below = observations.stream().filter(best::contains).toList();
        List<Observation> above =
                observations.stream().filter(o -> !best.contains(o)).toList();
        return IntStream.range(0, choices.length)
                .mapToDouble(p -> propose(p, below, above, random))
                .toArray();
    }

    /** How many of n observations count as good: γ(n). */
    static int good(int n) {
        return Math.min((int) Math.ceil(0.1 * n), MOST_GOOD);
    }

    /** The n best, the best first. */
    static List<Observation> best(int n, List<Observation> observations) {
        return observations.stream().sorted(Observation.BEST_FIRST).limit(n).toList();
    }

    private double propose(int p, List<Observation> below, List<Observation> above, RandomGenerator random) {
        Parzen l = estimator(p, below);
        Parzen g = estimator(p, above);
        double best = Double.NaN;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < CANDIDATES; i++) {
            double x = l.sample(random);
            double gain = l.logDensity(x) - g.logDensity(x);
            if (gain > largest) {
                largest = gain;
                best = x;
            }
        }
        return choices[p] == 0 ? best : (best + 0.5) / choices[p];
    }

    private Parzen estimator(int p, List<Observation> observations) {
        return choices[p] == 0
                ? Parzen.Numeric.of(
                        observations.stream().mapToDouble(o -> o.places[p]).toArray())
                : Parzen.Categorical.of(
                        observations.stream()
                                .mapToInt(o -> (int) (o.places[p] * choices[p]))
                                .toArray(),
                        choices[p]);
    }
}
