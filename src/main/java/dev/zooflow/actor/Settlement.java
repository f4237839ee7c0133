package dev.zooflow.actor;

import dev.zooflow.message.Event;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.WorkQueue.Delivery;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of an attempt, told first to the log and then to the queue: a delivery is answered only when the brokers hold the
 * outcome, and handed back when they don't, for nobody would know of it.
 *
 * @param worker that made the attempt
 * @param dispatcher of its role's work
 */
record Settlement(RoleWorker.Settings worker, Executor dispatcher) {

    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** So often machines may fail with a task before it is held to be its own fault. */
    private static final int MOST_ATTEMPTS = 100;

    /** Completes when the queue has taken the answer. */
    CompletionStage<Void> settle(TaskRun run, Verdict verdict, double seconds) {
        Delivery delivery = run.delivery();
        Task task = delivery.task();
        if (verdict instanceof Verdict.Complete) {
            Event completed = new TaskEvent.TaskCompleted(
                    task.run(), task.id(), task.role(), run.attempt(), worker.name(), seconds);
            return publishThen(completed, delivery, () -> acceptAndForget(delivery));
        } else if (verdict instanceof Verdict.Retry retry) {
            Event failed = failed(run, retry.reason(), retry.unexpected(), false);
            return run.isNumbered() ? publishThen(failed, delivery, delivery::release) : delivery.release();
        } else if (verdict instanceof Verdict.GiveUp giveUp) {
            return giveUp(run, giveUp.reason(), giveUp.unexpected());
        } else if (verdict instanceof Verdict.SetAside) {
            return setAside(run);
        } else if (verdict instanceof Verdict.Dismiss) {
            return publishThen(aside(run), delivery, () -> acceptAndForget(delivery));
        } else if (verdict instanceof Verdict.Withdraw withdraw) {
            return run.attempt() < MOST_ATTEMPTS ? setAside(run) : giveUp(run, withdraw.reason(), null);
        }
        return acceptAndForget(delivery);
    }

    private CompletionStage<Void> giveUp(TaskRun run, String reason, @Nullable Throwable unexpected) {
        Delivery delivery = run.delivery();
        Event failed = failed(run, reason, unexpected, true);
        return run.isNumbered() ? publishThen(failed, delivery, () -> delivery.reject(reason)) : delivery.release();
    }

    /** Off the queue, so that it is queued afresh and no attempt is used up; what has no number can't be told apart yet. */
    private CompletionStage<Void> setAside(TaskRun run) {
        Delivery delivery = run.delivery();
        return run.isNumbered() ? publishThen(aside(run), delivery, delivery::accept) : delivery.release();
    }

    private CompletionStage<Void> acceptAndForget(Delivery delivery) {
        return delivery.accept().thenRunAsync(() -> worker.work().forget(delivery.task()), dispatcher);
    }

    private CompletionStage<Void> publishThen(
            Event outcome, Delivery delivery, Supplier<CompletionStage<Void>> answer) {
        return worker.log()
                .publish(outcome)
                .handle((ref, failure) -> failure == null ? answer.get() : delivery.release())
                .thenCompose(Function.identity());
    }

    private Event aside(TaskRun run) {
        Task task = run.task();
        return new TaskEvent.TaskSetAside(task.run(), task.id(), task.role(), run.attempt(), worker.name());
    }

    private Event failed(TaskRun run, String reason, @Nullable Throwable unexpected, boolean last) {
        Task task = run.task();
        LOG.warn("{} {} attempt {} failed: {}", task.run(), task.id(), run.attempt(), reason, unexpected);
        return new TaskEvent.TaskFailed(task.run(), task.id(), task.role(), run.attempt(), worker.name(), reason, last);
    }
}
