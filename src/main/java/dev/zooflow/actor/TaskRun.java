package dev.zooflow.actor;

import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkQueue.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One attempt at a task, outside the actor: looks whether the task is still wanted, does it, and waits until the brokers
 * hold its results. {@link #cancel} may be called from any thread.
 */
final class TaskRun implements Supplier<TaskRun.Outcome>, WorkContext {

    /** How an attempt ended without failing. */
    enum Outcome {
        /** Done; the results are held by the brokers. */
        DONE,
        /** The run is over or another attempt was faster. */
        NOT_WANTED
    }

    private final RoleWork work;
    private final EventLog log;
    private final Delivery delivery;
    private final String worker;
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private final List<CompletableFuture<EventRef>> published = new ArrayList<>();

    TaskRun(RoleWork work, EventLog log, Delivery delivery, String worker) {
        this.work = work;
        this.log = log;
        this.delivery = delivery;
        this.worker = worker;
    }

    void cancel() {
        cancelled.set(true);
    }

    @Override
    public Outcome get() {
        checkCancelled();
        Task task = delivery.task();
        if (!isWanted(task)) {
            return Outcome.NOT_WANTED;
        }
        publish(new Event.TaskStarted(task.run(), task.id(), task.role(), delivery.attempt(), worker));
        try {
            work.perform(task, this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
        checkCancelled();
        awaitPublished();
        return Outcome.DONE;
    }

    private boolean isWanted(Task task) {
        boolean[] settled = {false};
        log.replay(task.run(), Topic.RUNS, recorded -> {
            Event event = recorded.event();
            settled[0] |= event instanceof Event.RunCompleted
                    || (event instanceof Event.TaskCompleted done && done.task().equals(task.id()));
        });
        return !settled[0];
    }

    @Override
    public void publish(Event event) {
        CompletableFuture<EventRef> future = log.publish(event).toCompletableFuture();
        synchronized (published) {
            published.removeIf(f -> f.isDone() && !f.isCompletedExceptionally());
            published.add(future);
        }
    }

    private void awaitPublished() {
        CompletableFuture<?>[] all;
        synchronized (published) {
            all = published.toArray(CompletableFuture<?>[]::new);
        }
        CompletableFuture.allOf(all).join();
    }

    @Override
    public int attempt() {
        return delivery.attempt();
    }

    @Override
    public boolean cancelled() {
        return cancelled.get();
    }
}
