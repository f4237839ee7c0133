package dev.zooflow.actor;

import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import java.io.IOException;
import java.util.Optional;

/**
 * The work of a role: plain code that computes, blocks and publishes as it likes. One thread at a time calls it, on the
 * role's dispatcher.
 */
public interface RoleWork extends AutoCloseable {

    /** The role whose tasks it does. */
    Role role();

    /**
     * Does a task; when it returns, all results were handed to the context.
     *
     * @throws UnprocessableTaskException when no worker can ever do it
     * @throws dev.zooflow.experiment.UserError with exit code 2 when the experiment can't be done as written, with 3 when
     *     something outside is missing here and now
     * @throws dev.zooflow.message.UnwritableFileException when this machine's disk can't be written, so that the worker is to
     *     end and another to do the task; also as the cause of an {@link java.io.UncheckedIOException}
     * @throws dev.zooflow.message.StoreUnavailableException likewise, when the blob store can't be reached
     * @throws java.util.concurrent.CancellationException when the context was cancelled before the end
     * @throws Exception when this attempt fails
     */
    void perform(Task task, WorkContext context) throws Exception;

    /**
     * How far a task is known to have come that was begun and not ended; empty where nothing is saved.
     *
     * @throws IOException when that can't be read
     */
    default Optional<Long> saved(Task task) throws IOException {
        return Optional.empty();
    }

    /** Deletes what was kept for a task that is done and is of no other use. Called on the role's dispatcher too. */
    default void forget(Task task) {}

    /** Frees what was kept between tasks. */
    @Override
    default void close() {}
}
