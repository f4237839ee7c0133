package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;

/** The coordinator can't go on, because the event log can't be read or written. */
public final class RunStalledException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RunStalledException(RunId run, Throwable cause) {
        super(
                "run (%s) can't go on, events can't be read or published: %s. Maybe the brokers are unreachable?"
                        .formatted(run, cause.getMessage()),
                cause);
    }
}
