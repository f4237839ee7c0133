package dev.zooflow.experiment;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * Numbers between two ends, drawn evenly or evenly in their logarithm.
 *
 * @param step numbers are multiples of it; 0 for any number
 */
record SweepRange(double min, double max, boolean logarithmic, double step) {

    /** Names of distributions. */
    static final String DISTRIBUTIONS = "uniform, log-uniform, int-uniform, int-log-uniform";

    /** An end that is a multiple but for rounding is one: 0.3 / 0.1 is a little less than 3. */
    private static final double ROUNDING = 1e-9;

    /**
     * A range of a distribution; of W&amp;B's names {@code int_uniform}, {@code log_uniform_values}, {@code q_uniform} and {@code
     * q_log_uniform_values} are understood, but not {@code log_uniform}, whose ends are exponents.
     *
     * @param q the step; 0 for none, which is 1 for whole numbers and W&amp;B's {@code q_…}; whole for whole numbers
     * @return empty if no distribution has this name
     */
    static Optional<SweepRange> of(String distribution, double min, double max, double q) {
        return switch (distribution) {
            case "uniform" -> Optional.of(new SweepRange(min, max, false, q));
            case "log-uniform", "log_uniform_values" -> Optional.of(new SweepRange(min, max, true, q));
            case "int-uniform", "int_uniform", "q_uniform" ->
                Optional.of(new SweepRange(min, max, false, q == 0 ? 1 : q));
            case "int-log-uniform", "q_log_uniform_values" ->
                Optional.of(new SweepRange(min, max, true, q == 0 ? 1 : q));
            default -> Optional.empty();
        };
    }

    /** Whether there is no number in it. */
    boolean isEmpty() {
        return !(min < max) || (logarithmic && min <= 0) || step < 0 || (step > 0 && first() > last());
    }

    private double first() {
        return Math.ceil(min / step - ROUNDING);
    }

    private double last() {
        return Math.floor(max / step + ROUNDING);
    }

    /** The number at a place in [0, 1), larger at a larger place. */
    Number at(double place) {
        if (step == 0) {
            return rounded(logarithmic ? power(place) : min + place * (max - min));
        }
        double multiple = logarithmic
                ? Math.min(last(), Math.max(first(), Math.rint(power(place) / step)))
                : first() + Math.floor(place * (last() - first() + 1));
        BigDecimal value = BigDecimal.valueOf(step).multiply(BigDecimal.valueOf((long) multiple));
        return step == Math.rint(step) ? (Number) value.longValue() : (Number) value.doubleValue();
    }

    private double power(double place) {
        return min * Math.pow(max / min, place);
    }

    // Four digits, so that names of trials and rendered experiments stay readable.
    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
