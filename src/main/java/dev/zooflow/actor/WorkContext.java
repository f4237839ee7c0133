package dev.zooflow.actor;

import dev.zooflow.message.Event;
import java.util.concurrent.CancellationException;

/** What a {@link RoleWork} may ask of its worker. Thread-safe. */
public interface WorkContext {

    /**
     * Publishes a result. Returns at once unless too much waits for the brokers already: then, on the thread of the work, when
     * there is room. The task counts as done only when the brokers hold all its results, so a failure
     * shows there.
     *
     * @throws CancellationException when the work is to stop while it waits
     */
    void publish(Event event);

    /** Which attempt at the task this is, from 1. */
    int attempt();

    /** Whether the work is to stop as soon as it can. */
    boolean cancelled();

    /** Ends the work if it is to stop. */
    default void checkCancelled() {
        if (cancelled()) {
            throw new CancellationException("cancelled");
        }
    }
}
