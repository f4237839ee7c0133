package dev.zooflow.actor;

import dev.zooflow.message.RunEvent.CoordinatorStarted;

/** The coordinator stopped, because another one has taken the run. */
public final class RunFencedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RunFencedException(CoordinatorStarted successor) {
        super(
                "run (%s) is coordinated by %s since epoch %d, so that this coordinator stopped. Maybe follow it with `zooflow watch %s`?"
                        .formatted(successor.run(), successor.coordinator(), successor.epoch(), successor.run()));
    }
}
