package dev.zooflow.message;

import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The work queues. Delivery is at least once: a task whose worker dies or loses its lock is delivered again, with a
 * higher attempt number, until the limit of attempts.
 */
public interface WorkQueue extends AutoCloseable {

    /** A task in the hands of this worker. Its lock is renewed until one of the three answers is given. Thread-safe. */
    interface Delivery {
        /** What to do. */
        Task task();

        /** From 1; rises with each delivery of the task. */
        int attempt();

        /** Whether the queue gives the task to nobody for another attempt when this one fails. */
        boolean lastAttempt();

        /** Whether the attempts were used up before and none told of its end. It is delivered only to be given up. */
        boolean exhausted();

        /** Completes when the lock is lost, and another worker may have the task. */
        CompletionStage<Void> lost();

        /** The task is done and its result is held by the brokers. Completes when the queue has forgotten it. */
        CompletionStage<Void> accept();

        /** Hands the task back: it is delivered again, after the last attempt as {@link #exhausted}. */
        CompletionStage<Void> release();

        /** The task can never be done; it goes to the dead-letter topic. */
        CompletionStage<Void> reject(String reason);
    }

    /**
     * Takes tasks of a role, one at a time: the next comes only after the last was answered. The handler returns at once
     * and answers from any thread later.
     */
    EventLog.Subscription consume(Role role, Consumer<Delivery> handler);

    @Override
    void close();
}
