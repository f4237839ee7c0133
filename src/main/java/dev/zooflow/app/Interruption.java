package dev.zooflow.app;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Ctrl-C (and termination) of a command that has something to put in order. The virtual machine runs the hook and then ends
 * with 130 by itself; the hook tells the command and waits, for a while, until it is closed.
 */
final class Interruption implements AutoCloseable {

    /**
     * How long the end of the process waits for things to be put in order: 13 s for actors, 4 for notices, 4 for a tracking
     * server, 3 for the farewell of a run, 2 for queues and 6 for the log. Where nothing is coordinated, actors have 20 s.
     */
    private static final int PATIENCE_SECONDS = 32;

    /** The command was interrupted. */
    static final class InterruptedRunException extends RuntimeException {
        private static final long serialVersionUID = 1;

        InterruptedRunException() {
            super("interrupted");
        }

        InterruptedRunException(Throwable cause) {
            super("interrupted", cause);
        }
    }

    private final CompletableFuture<Void> request = new CompletableFuture<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicReference<Supplier<String>> farewell;
    private final AtomicReference<Runnable> beforehand = new AtomicReference<>(() -> {});
    private final Thread hook = new Thread(this::onExit, "interruption");

    private Interruption(Supplier<String> farewell) {
        this.farewell = new AtomicReference<>(farewell);
    }

    /**
     * From now on until it is closed an interruption is noticed.
     *
     * @param farewell called at once when it comes; gives the line that the user sees
     * @throws InterruptedRunException when the process is ending already
     */
    static Interruption watch(Supplier<String> farewell) {
        Interruption interruption = new Interruption(farewell);
        try {
            Runtime.getRuntime().addShutdownHook(interruption.hook);
        } catch (IllegalStateException e) {
            throw new InterruptedRunException(e);
        }
        return interruption;
    }

    /** Replaces the farewell, as the command gets on. */
    void farewell(Supplier<String> next) {
        farewell.set(next);
    }

    /** What is done before the user sees the farewell. */
    void beforehand(Runnable next) {
        beforehand.set(next);
    }

    private void onExit() {
        ending.set(true);
        beforehand.get().run();
        System.err.println(System.lineSeparator() + farewell.get().get());
        request.complete(null);
        try {
            if (!closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("gave up waiting for an orderly end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Completes when the command is to end. */
    CompletableFuture<Void> requested() {
        return request.copy();
    }

    /**
     * Goes on unless the command is to end.
     *
     * @throws InterruptedRunException when it is
     */
    void check() {
        if (request.isDone()) {
            throw new InterruptedRunException();
        }
    }

    /** Everything is in order. */
    @Override
    public void close() {
        closed.countDown();
        if (!ending.get()) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process ends at this very moment; the hook finds everything in order.
                ending.set(true);
            }
        }
    }
}
