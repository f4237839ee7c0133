package dev.zooflow.experiment;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Name of a run; also the name of its directory and part of every message id.
 *
 * @param value [a-z0-9][a-z0-9._-]{0,99}
 */
public record RunId(String value) {

    /** Longest name of an experiment, so that its run ids, with their time stamp, keep to 100 characters. */
    public static final int LONGEST_NAME = 80;

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Checks the characters, because run names come from files and messages and become paths. */
    public RunId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "run name (%s) may hold only a-z, 0-9, '.', '_' and '-', begin with a letter or digit, and have at most 100 characters. Maybe write it in lower case?"
                            .formatted(value));
        }
    }

    /** Whether this is a name that a run may have. */
    public static boolean isValid(String value) {
        return ALLOWED.matcher(value).matches();
    }

    /**
     * The id of a run that starts now: the experiment's name and the UTC time to the millisecond, so that runs sort by
     * age, e.g. {@code quickstart-20250308-134502-117}.
     *
     * @param name of the experiment, at most {@value #LONGEST_NAME} characters
     */
    public static RunId create(String name, Clock clock) {
        return new RunId(name + "-" + STAMP.format(clock.instant()));
    }

    @Override
    public String toString() {
        return value;
    }
}
