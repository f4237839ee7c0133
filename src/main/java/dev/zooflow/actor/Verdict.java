package dev.zooflow.actor;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.UnwritableFileException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** What becomes of a delivery after an attempt at it. */
sealed interface Verdict {

    /** The task is done. */
    record Complete() implements Verdict {}

    /** Nobody waits for it any more. */
    record Forget() implements Verdict {}

    /** Taken off its queue without blame until the coordinator queues it again: this worker stops, or the run does. */
    record SetAside() implements Verdict {}

    /** Taken off its queue for good: the coordinator stopped the task. */
    record Dismiss() implements Verdict {}

    /** Set aside because of this machine: nothing that this worker does could succeed, and it ends. */
    record Withdraw(String reason) implements Verdict {}

    /**
     * The attempt failed, another may follow.
     *
     * @param unexpected the failure, unless its reason says all
     */
    record Retry(String reason, @Nullable Throwable unexpected) implements Verdict {}

    /**
     * Given up.
     *
     * @param unexpected the failure, unless its reason says all
     */
    record GiveUp(String reason, @Nullable Throwable unexpected) implements Verdict {}

    /**
     * Judges an attempt.
     *
     * @param outcome of the attempt, if it did not fail
     * @param failure why it failed, if it did
     * @param lastAttempt whether the queue gives the task to nobody after this
     */
    static Verdict of(TaskRun.@Nullable Outcome outcome, @Nullable Throwable failure, boolean lastAttempt) {
        if (failure == null) {
            return of(outcome);
        }
        Throwable cause = cause(failure);
        if (cause instanceof CancellationException) {
            return new SetAside();
        }
        String reason = reason(cause);
        if (isOfTheSurroundings(cause)) {
            return new Withdraw(reason);
        }
        Throwable unexpected = speaksForItself(cause) ? null : cause;
        if (cause instanceof LockLostException) {
            return new Retry(reason, unexpected);
        }
        return lastAttempt || isHopeless(cause) ? new GiveUp(reason, unexpected) : new Retry(reason, unexpected);
    }

    private static Verdict of(TaskRun.@Nullable Outcome outcome) {
        if (outcome == TaskRun.Outcome.DONE) {
            return new Complete();
        } else if (outcome == TaskRun.Outcome.STOPPED) {
            return new Dismiss();
        }
        return outcome == TaskRun.Outcome.NOT_NOW ? new SetAside() : new Forget();
    }

    private static boolean isOfTheSurroundings(Throwable cause) {
        return cause instanceof UnwritableFileException || cause instanceof StoreUnavailableException;
    }

    private static boolean isHopeless(Throwable cause) {
        return cause instanceof UnprocessableTaskException
                || (cause instanceof UserError error && error.exitCode() == UserError.USAGE);
    }

    private static String reason(Throwable cause) {
        String message = Optional.ofNullable(cause.getMessage()).orElse("no message");
        return speaksForItself(cause) ? message : cause.getClass().getSimpleName() + ": " + message;
    }

    private static boolean speaksForItself(Throwable cause) {
        return cause instanceof UserError
                || cause instanceof UnprocessableTaskException
                || cause instanceof LockLostException
                || isOfTheSurroundings(cause);
    }

    private static Throwable cause(Throwable failure) {
        Throwable t = failure;
        while ((t instanceof CompletionException || t instanceof UncheckedIOException) && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }
}
