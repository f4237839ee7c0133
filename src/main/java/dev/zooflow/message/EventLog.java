package dev.zooflow.message;

import dev.zooflow.experiment.RunId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** The topics of events, as actors see them. Implementations are thread-safe. */
public interface EventLog extends AutoCloseable {

    /**
     * An event as it stands in the log.
     *
     * @param event what happened
     * @param ref where it stands
     * @param epochMillis when it was published
     */
    record Recorded(Event event, EventRef ref, long epochMillis) {}

    /** Ends a {@link #follow}. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Publishes an event or queues a task.
     *
     * @return completes with the place of the record once the brokers hold it; fails when they can't be reached in time
     */
    CompletionStage<EventRef> publish(Message message);

    /**
     * Hands every event of a run on these topics to the handler, from the first on and then live, until the subscription
     * is closed. Events of one topic come in order; the handler is called by one thread. What can't be decoded is
     * reported and passed over.
     */
    Subscription follow(RunId run, Set<Topic> topics, Consumer<Recorded> handler);

    /** Hands every event of a run that stands on the topic at the time of the call to the handler, in order. */
    void replay(RunId run, Topic topic, Consumer<Recorded> handler);

    /** The event at a place; empty when it no longer stands there. */
    Optional<Event> fetch(EventRef ref);

    @Override
    void close();
}
