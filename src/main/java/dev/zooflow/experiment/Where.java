package dev.zooflow.experiment;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;

/** Where a configuration value was written, in the form editors and terminals understand: {@code file:line: }. */
final class Where {

    /** Prefix of the description that overrides from the command line carry instead of a file name. */
    static final String OVERRIDE = "override ";

    /** Description of the program's own defaults. */
    static final String DEFAULTS = "reference.conf";

    private Where() {}

    /** {@code file:line: }, or {@code override key=value: }, or nothing where neither is known. */
    static String of(ConfigOrigin origin) {
        if (isOverride(origin)) {
            return origin.description().replaceFirst(": \\d+$", "") + ": ";
        }
        String source = origin.filename() != null
                ? origin.filename()
                : origin.description().replaceFirst(": \\d+(-\\d+)?$", "");
        return origin.lineNumber() > 0 ? "%s:%d: ".formatted(source, origin.lineNumber()) : source + ": ";
    }

    /** Whether the value comes from a file or override of the user, not from the defaults. */
    static boolean isWritten(ConfigValue value) {
        return !value.origin().description().contains(DEFAULTS);
    }

    private static boolean isOverride(ConfigOrigin origin) {
        return origin.description().startsWith(OVERRIDE);
    }
}
