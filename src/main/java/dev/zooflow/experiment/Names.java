package dev.zooflow.experiment;

import java.util.Locale;
import java.util.regex.Pattern;

/** The rule for names that become directories, topics' keys and message ids: [a-z0-9][a-z0-9._-]*. */
final class Names {

    /** Longest name of a flow. */
    static final int LONGEST = 100;

    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9][a-z0-9._-]*");

    private Names() {}

    /** The name under a key, or an error that offers the nearest allowed one. */
    static String check(Settings s, String key, int longest) {
        String name = s.text(key);
        if (name.length() > longest) {
            throw s.error(key, "has more than %d characters".formatted(longest), "Maybe a shorter name?");
        }
        if (!ALLOWED.matcher(name).matches()) {
            throw s.error(
                    key,
                    "may hold only a-z, 0-9, '.', '_' and '-' and begins with a letter or digit",
                    "Maybe %s?".formatted(allowed(name)));
        }
        return name;
    }

    private static String allowed(String name) {
        String plain =
                name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceFirst("^[^a-z0-9]+", "");
        return plain.isEmpty() ? "\"geometric\"" : plain;
    }
}
