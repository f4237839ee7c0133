package dev.zooflow.experiment;

import java.util.Locale;
import java.util.Optional;

/**
 * Numbers between two ends, drawn evenly or evenly in their logarithm.
 *
 * @param step numbers are multiples of it; 0 for any number
 */
record SweepRange(double min, double max, boolean logarithmic, double step) {

    /** Names of distributions, those of W&amp;B written with hyphens, and one more for whole numbers. */
    static final String DISTRIBUTIONS = "uniform, log-uniform, int-uniform, int-log-uniform";

    /**
     * A range of a distribution; {@code log_uniform_values} and other names of W&amp;B are understood.
     *
     * @param q step of a distribution of numbers that need not be whole, of the others if it is above 1; 0 for none
     * @return empty if no distribution has this name
     */
    static Optional<SweepRange> of(String distribution, double min, double max, double q) {
        String name = distribution.replace('_', '-').replaceFirst("^q-", "").replaceFirst("-values$", "");
        boolean whole = name.startsWith("int-");
        return switch (name) {
            case "uniform", "log-uniform", "int-uniform", "int-log-uniform" ->
                Optional.of(new SweepRange(min, max, name.endsWith("log-uniform"), whole && q == 0 ? 1 : q));
            default -> Optional.empty();
        };
    }

    /** Whether there is a number in it. */
    boolean isEmpty() {
        return !(min < max)
                || (logarithmic && min <= 0)
                || step < 0
                || (step > 0 && Math.ceil(min / step) > Math.floor(max / step));
    }

    /** The number at a place in [0, 1), larger at a larger place. */
    Number at(double place) {
        if (step == 0) {
            return rounded(logarithmic ? power(place) : min + place * (max - min));
        }
        double first = Math.ceil(min / step);
        double last = Math.floor(max / step);
        double multiple = logarithmic
                ? Math.min(last, Math.max(first, Math.rint(power(place) / step)))
                : first + Math.floor(place * (last - first + 1));
        double value = multiple * step;
        return step == Math.rint(step) ? (Number) Math.round(value) : (Number) rounded(value);
    }

    private double power(double place) {
        return min * Math.pow(max / min, place);
    }

    // Four digits, so that names of trials and rendered experiments stay readable.
    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }
}
