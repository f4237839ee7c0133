package dev.zooflow.experiment;

import java.util.regex.Pattern;

/**
 * Name of a run; also the name of its directory and part of every message id.
 *
 * @param value [a-z0-9][a-z0-9._-]{0,99}
 */
public record RunId(String value) {

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9._-]{0,99}");

    /** Checks the characters, because run names come from files and messages and become paths. */
    public RunId {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "run name (%s) may hold only a-z, 0-9, '.', '_' and '-', begin with a letter or digit, and have at most 100 characters. Maybe write it in lower case?"
                            .formatted(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
