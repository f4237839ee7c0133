package dev.zooflow.experiment;

import org.jspecify.annotations.Nullable;

/**
 * A fault that the user can mend: the command line prints the message alone, without a stack trace, and leaves with
 * {@link #exitCode()}.
 *
 * <p>Messages read {@code name (value) what is wrong. Maybe <remedy>?}
 */
public final class UserError extends RuntimeException {

    /** Exit code of a wrong command line, configuration or input file. */
    public static final int USAGE = 2;

    /** Exit code of a failing surrounding: Kafka, disk, missing or damaged data. */
    public static final int INFRASTRUCTURE = 3;

    private final int exitCode;

    private UserError(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /** A wrong command line, configuration or input file. */
    public static UserError usage(String message) {
        return new UserError(USAGE, message, null);
    }

    /** A wrong command line, configuration or input file, with the exception that showed it. */
    public static UserError usage(String message, Throwable cause) {
        return new UserError(USAGE, message, cause);
    }

    /** A failing surrounding: Kafka, disk, missing or damaged data. */
    public static UserError infrastructure(String message) {
        return new UserError(INFRASTRUCTURE, message, null);
    }

    /** A failing surrounding, with the exception that showed it. */
    public static UserError infrastructure(String message, Throwable cause) {
        return new UserError(INFRASTRUCTURE, message, cause);
    }

    /** The process's exit code, {@link #USAGE} or {@link #INFRASTRUCTURE}. */
    public int exitCode() {
        return exitCode;
    }
}
