package dev.zooflow.kafka;

/** How many bytes wait for the brokers; nobody is let in while as many wait as the bound. Thread-safe. */
final class Room {

    private long waiting;

    /** Lets so many bytes in, and tells whether it did: not while the bound, in bytes, is reached. */
    synchronized boolean enter(long bytes, long bound) {
        if (waiting >= bound) {
            return false;
        }
        waiting += bytes;
        return true;
    }

    /** Bytes that were let in are more, or fewer, by this. */
    synchronized void change(long bytes) {
        waiting += bytes;
    }

    /** Bytes now. */
    synchronized long waiting() {
        return waiting;
    }
}
