package dev.zooflow.kafka;

import dev.zooflow.message.Task;
import dev.zooflow.message.WorkQueue;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;

/** A task in a worker's hands: the worker answers from any thread, the polling thread waits for the answer. */
final class QueueDelivery implements WorkQueue.Delivery {

    /**
     * What the worker says.
     *
     * @param type the acknowledgement
     * @param reason of a rejection; empty otherwise
     * @param done completes when the queue has taken the answer
     */
    record Answer(AcknowledgeType type, String reason, CompletableFuture<Void> done) {}

    private final Task task;
    private final int attempt;
    private final int maxAttempts;
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    QueueDelivery(Task task, int attempt, int maxAttempts) {
        this.task = task;
        this.attempt = attempt;
        this.maxAttempts = maxAttempts;
    }

    @Override
    public Task task() {
        return task;
    }

    @Override
    public int attempt() {
        return attempt;
    }

    @Override
    public boolean lastAttempt() {
        return attempt >= maxAttempts;
    }

    @Override
    public boolean exhausted() {
        return attempt > maxAttempts;
    }

    @Override
    public CompletionStage<Void> lost() {
        return lost.minimalCompletionStage();
    }

    /** Tells the worker that the lock is gone. */
    void lose() {
        lost.complete(null);
    }

    @Override
    public CompletionStage<Void> accept() {
        return answer(AcknowledgeType.ACCEPT, "");
    }

    @Override
    public CompletionStage<Void> release() {
        return answer(AcknowledgeType.RELEASE, "");
    }

    @Override
    public CompletionStage<Void> reject(String reason) {
        return answer(AcknowledgeType.REJECT, reason);
    }

    private CompletionStage<Void> answer(AcknowledgeType type, String reason) {
        Answer own = new Answer(type, reason, new CompletableFuture<>());
        if (!answer.complete(own)) {
            own.done.completeExceptionally(new IllegalStateException(
                    "task (%s) was answered before: %s".formatted(task.id(), answer.join().type)));
        }
        return own.done;
    }

    /** Waits for the answer, so long at most. An interruption hands the task back. */
    Optional<Answer> await(Duration time) {
        try {
            return Optional.of(answer.get(time.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            release();
            return Optional.of(answer.join());
        } catch (ExecutionException e) {
            throw new IllegalStateException("an answer is never a failure", e);
        }
    }
}
