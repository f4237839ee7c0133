package dev.zooflow.experiment;

import com.typesafe.config.ConfigValue;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** The methods that choose the values of all trials beforehand: a list of trials, each with a value of each parameter. */
final class SweepChoices {

    private SweepChoices() {}

    /**
     * Every combination of the values, the last parameter the first to change.
     *
     * @param most that there may be
     * @throws UserError when there are more, or a parameter is a range
     */
    static List<List<ConfigValue>> grid(List<SweepParameter> parameters, int most) {
        return Combinations.of(
                parameters.stream().map(SweepParameter::gridValues).toList(), most, () -> tooMany(most));
    }

    /** What a grid of more trials than {@code sweep.run-cap} is told. */
    static UserError tooMany(int most) {
        return UserError.usage(
                "sweep.run-cap (%d) is less than the grid has trials. Maybe fewer values, or a larger sweep.run-cap?"
                        .formatted(most));
    }

    /** Values drawn independently. */
    static List<List<ConfigValue>> random(List<SweepParameter> parameters, int trials, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return IntStream.range(0, trials)
                .mapToObj(trial ->
                        parameters.stream().map(p -> p.at(random.nextDouble())).toList())
                .toList();
    }

    /**
     * Halton's sequence (1960), a prime base for each parameter, with one random shift modulo 1 (Cranley and Patterson).
     */
    static List<List<ConfigValue>> quasiRandom(List<SweepParameter> parameters, int trials, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] shift =
                parameters.stream().mapToDouble(p -> random.nextDouble()).toArray();
        int[] bases = IntStream.iterate(2, n -> n + 1)
                .filter(n -> IntStream.range(2, n).noneMatch(k -> n % k == 0))
                .limit(parameters.size())
                .toArray();
        return IntStream.rangeClosed(1, trials)
                .mapToObj(trial -> IntStream.range(0, bases.length)
                        .mapToObj(i -> parameters.get(i).at((radicalInverse(trial, bases[i]) + shift[i]) % 1))
                        .toList())
                .toList();
    }

    /** The digits of n in a base, mirrored at the point: in [0, 1). */
    static double radicalInverse(int n, int base) {
        double inverse = 0;
        double digit = 1.0 / base;
        for (int rest = n; rest > 0; rest /= base) {
            inverse += rest % base * digit;
            digit /= base;
        }
        return inverse;
    }
}
