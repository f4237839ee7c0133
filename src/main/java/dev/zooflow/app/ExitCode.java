package dev.zooflow.app;

/** Exit codes of the program. */
final class ExitCode {

    /** All good. */
    static final int OK = 0;

    /** Some trial failed, or an error of the program itself. */
    static final int FAILED = 1;

    /** Wrong usage or configuration. */
    static final int USAGE = 2;

    /** Kafka, disk or data. */
    static final int INFRASTRUCTURE = 3;

    /** A repeated run has other scores. */
    static final int DIFFERENT = 4;

    /** Ctrl-C. */
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
