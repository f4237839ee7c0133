package dev.zooflow.kafka;

import java.time.Duration;

/** Waiting, with interruption as a request to stop. */
final class Threads {

    private Threads() {}

    /** Waits for a thread to end, unless it is the one that asks. */
    static void join(Thread thread) {
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
