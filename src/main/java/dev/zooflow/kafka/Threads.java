package dev.zooflow.kafka;

import java.time.Duration;

/** Waiting, with interruption as a request to stop. */
final class Threads {

    /** As {@link Thread#join(long)} has it. */
    private static final Duration FOR_EVER = Duration.ZERO;

    private Threads() {}

    /** Waits for a thread to end, unless it is the one that asks. */
    static void join(Thread thread) {
        join(thread, FOR_EVER);
    }

    /** The same, but for so long at most; whether the thread has ended, or is the one that asks. */
    static boolean join(Thread thread, Duration most) {
        if (thread == Thread.currentThread()) {
            return true;
        }
        try {
            thread.join(most.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** Sleeps; returns early, with the interrupted status set, when interrupted. */
    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
