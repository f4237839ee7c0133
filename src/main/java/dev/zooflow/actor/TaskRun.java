package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.TaskEvent.TaskContinued;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkQueue.Delivery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
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
        /** Another attempt was faster. */
        NOT_WANTED,
        /** The run is paused or over, or the attempts are used up though each came further than the one before. */
        NOT_NOW,
        /** The coordinator stopped the task. */
        STOPPED
    }

    private static final int PAUSE_MS = 100;

    private final RoleWork work;
    private final EventLog log;
    private final Delivery delivery;
    private final String worker;
    private final Pulse pulse = new Pulse(System::nanoTime);
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile int attempt;
    private volatile boolean numbered;
    private volatile boolean lost;
    private volatile boolean stopped;
    private final List<CompletableFuture<EventRef>> published = new ArrayList<>();

    TaskRun(RoleWork work, EventLog log, Delivery delivery, String worker) {
        this.work = work;
        this.log = log;
        this.delivery = delivery;
        this.worker = worker;
        this.attempt = delivery.attempt();
        delivery.lost().thenRun(this::onLost);
    }

    private void onLost() {
        lost = true;
        cancel();
    }

    Delivery delivery() {
        return delivery;
    }

    Task task() {
        return delivery.task();
    }

    Pulse pulse() {
        return pulse;
    }

    void cancel() {
        cancelled.set(true);
    }

    /** Cancels it for good: nobody is to go on with the task. */
    void stop() {
        stopped = true;
        cancel();
    }

    @Override
    public Outcome get() {
        try {
            return attemptIt();
        } catch (CancellationException e) {
            if (lost) {
                throw new LockLostException(e);
            } else if (stopped) {
                return Outcome.STOPPED;
            }
            throw e;
        }
    }

    private Outcome attemptIt() {
        checkCancelled();
        Task task = delivery.task();
        Standing standing = standing(task.run());
        attempt = standing.tasks().nextAttempt(task.id());
        numbered = true;
        if (standing.tasks().completed().containsKey(task.id())) {
            return Outcome.NOT_WANTED;
        } else if (standing.tasks().isStopped(task.id())) {
            return Outcome.STOPPED;
        } else if (delivery.exhausted() && hasAdvanced(standing)) {
            return Outcome.NOT_NOW;
        } else if (delivery.exhausted()) {
            throw new UnprocessableTaskException("all attempts were begun and none ended");
        } else if (standing.life().over().isPresent() || standing.life().paused()) {
            return Outcome.NOT_NOW;
        }
        publish(new TaskEvent.TaskStarted(task.run(), task.id(), task.role(), attempt, worker));
        perform(task);
        return Outcome.DONE;
    }

    /** Reads the log; while the store is away in which some of it lies no attempt has begun, and none is used up. */
    private Standing standing(RunId run) {
        while (true) {
            try {
                return Standing.of(run, log);
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof StoreUnavailableException)) {
                    throw e;
                }
                pause();
            }
        }
    }

    /** Whether what died with their workers came further since the task was queued: then it may go on dying. */
    private boolean hasAdvanced(Standing standing) {
        try {
            return work.saved(task())
                    .filter(step -> step > standing.begin(task().id()))
                    .isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void perform(Task task) {
        try {
            work.perform(task, this);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CompletionException(e);
        }
        checkCancelled();
        awaitPublished();
    }

    /**
     * Where the run and its tasks stand when an attempt begins.
     *
     * @param continued from which step attempts went on, by task and attempt
     */
    private record Standing(RunLife life, TaskBook tasks, Map<String, SortedMap<Integer, Long>> continued) {
        static Standing of(RunId run, EventLog log) {
            Standing[] standing = {new Standing(RunLife.NONE, TaskBook.EMPTY, new HashMap<>())};
            log.replay(run, Topic.RUNS, recorded -> standing[0] = standing[0].with(recorded.event()));
            return standing[0];
        }

        private Standing with(Event event) {
            if (event instanceof RunEvent e) {
                return new Standing(life.with(e), tasks, continued);
            } else if (event instanceof TaskContinued e) {
                continued.computeIfAbsent(e.task(), t -> new TreeMap<>()).put(e.attempt(), e.step());
            }
            return event instanceof TaskEvent e ? new Standing(life, tasks.with(e), continued) : this;
        }

        /** The step at which the attempts of the latest queueing began; beyond all where none of them came so far. */
        private long begin(String task) {
            int before = tasks.queued().getOrDefault(task, 0);
            return continued.getOrDefault(task, new TreeMap<>()).tailMap(before + 1).values().stream()
                    .findFirst()
                    .orElse(before == 0 ? 0 : Long.MAX_VALUE);
        }
    }

    @Override
    public void publish(Event event) {
        pulse.on(event);
        CompletableFuture<EventRef> future = log.awaitRoom(event, this::pause).toCompletableFuture();
        synchronized (published) {
            published.removeIf(f -> f.isDone() && !f.isCompletedExceptionally());
            published.add(future);
        }
    }

    private void pause() {
        checkCancelled();
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
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
        return attempt;
    }

    /** Whether it has its number among all attempts at the task, which it gets from the log. */
    boolean isNumbered() {
        return numbered;
    }

    @Override
    public boolean cancelled() {
        return cancelled.get();
    }
}
