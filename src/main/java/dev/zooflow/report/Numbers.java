package dev.zooflow.report;

import dev.zooflow.message.Event.Score;
import java.util.Locale;
import java.util.OptionalDouble;

/** Numbers as people read them: a real minus sign, as many digits as they mean. */
final class Numbers {

    /** What stands where there is no number. */
    static final String NONE = "–";

    private Numbers() {}

    /** A value of a score; empty where it is missing or not finite. */
    static OptionalDouble of(Score score, String key) {
        Double value = score.values().get(key);
        return value == null || !Double.isFinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    /** With so many decimals. */
    static String decimal(double value, int decimals) {
        if (!Double.isFinite(value)) {
            return NONE;
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        // Rounding may leave a negative zero.
        boolean zero = text.chars().noneMatch(c -> c >= '1' && c <= '9');
        return zero ? text.replace("-", "") : text.replace('-', '−');
    }

    /** A fraction as a percentage with one decimal, without the sign. */
    static String percent(double fraction) {
        return decimal(100 * fraction, 1);
    }

    /** A whole number with thousands separated. */
    static String grouped(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Seconds as {@code 42 s}, {@code 3 min 20 s} or {@code 2 h 5 min}. */
    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return seconds < 10 ? decimal(seconds, 1) + " s" : s + " s";
        }
        return s < 3600 ? "%d min %d s".formatted(s / 60, s % 60) : "%d h %d min".formatted(s / 3600, s % 3600 / 60);
    }
}
