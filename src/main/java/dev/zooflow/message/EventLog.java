package dev.zooflow.message;

import dev.zooflow.experiment.RunId;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Predicate;

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
        /** Records that are known to stand in the log and were not handed over yet; 0 where that is not known. */
        default long behind() {
            return 0;
        }

        @Override
        void close();
    }

    /**
     * Publishes an event or queues a task.
     *
     * @return completes with the place of the record once the brokers hold it; fails when they can't be reached in time, or
     *     when far too much waits for them already. The caller never waits
     */
    CompletionStage<EventRef> publish(Message message);

    /**
     * As {@link #publish}, for work that can wait: empty when so much waits for the brokers already that whoever makes more
     * should stop for a while.
     */
    default Optional<CompletionStage<EventRef>> offer(Message message) {
        return Optional.of(publish(message));
    }

    /**
     * As {@link #offer}, as soon as there is room.
     *
     * @param pause called as long as there is none; waits a little, or throws when nobody wants the message any more
     */
    default CompletionStage<EventRef> awaitRoom(Message message, Runnable pause) {
        Optional<CompletionStage<EventRef>> taken = offer(message);
        while (taken.isEmpty()) {
            pause.run();
            taken = offer(message);
        }
        return taken.get();
    }

    /**
     * Hands every event of a run on these topics to the handler, from the first on and then live, until the subscription
     * is closed. Events of one topic come in order; the handler is called by one thread. What can't be decoded is
     * reported and passed over.
     */
    Subscription follow(RunId run, Set<Topic> topics, Consumer<Recorded> handler);

    /** Hands the events of all runs on these topics to the handler, from the first on and then live, as {@link #follow}. */
    Subscription followAll(Set<Topic> topics, Consumer<Recorded> handler);

    /** Hands the events of all runs on these topics that are published from now on to the handler, as {@link #follow}. */
    Subscription watch(Set<Topic> topics, Consumer<Recorded> handler);

    /**
     * Takes a part in dividing all runs among the members of a group: the events of topic {@code runs} of each run come to one
     * member, from the first on. When a member is gone, even without a word, its runs fall to others within some seconds.
     */
    Subscription share(String group, Share share);

    /** The part of all runs that falls to a member; called by one thread. */
    interface Share {
        /** An event of a run of this part. */
        void observe(Recorded recorded);

        /** Whether everything that stands in the log of this part was observed; false while it is read after it grew. */
        void current(boolean current);

        /** Runs for which this holds belong to the part no more. */
        void withdraw(Predicate<RunId> runs);
    }

    /** Hands every event of a run that stands on the topic at the time of the call to the handler, in order. */
    void replay(RunId run, Topic topic, Consumer<Recorded> handler);

    /** Hands every event of all runs that stands on the topic at the time of the call to the handler, each run's in order. */
    void replayAll(Topic topic, Consumer<Recorded> handler);

    /** The event at a place; empty when it no longer stands there. */
    Optional<Event> fetch(EventRef ref);

    @Override
    void close();
}
