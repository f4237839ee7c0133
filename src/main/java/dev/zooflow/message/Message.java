package dev.zooflow.message;

import dev.zooflow.experiment.RunId;

/** Anything that travels on a topic: an {@link Event} that tells what happened, or a {@link Task} that asks for work. */
public sealed interface Message permits Event, Task {

    /** The run it belongs to; it also chooses the partition, so that one run's events of a topic stay in order. */
    RunId run();

    /**
     * Deterministic id, unique within the run: the same happening has the same id however often it is published, so that
     * whoever reduces keeps the first and ignores the rest.
     */
    String id();

    /** The topic it belongs on. */
    Topic topic();
}
