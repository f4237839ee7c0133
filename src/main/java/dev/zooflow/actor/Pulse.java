package dev.zooflow.actor;

import dev.zooflow.message.Event;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How an attempt gets on, told by what it publishes: every publication is progress. It is stuck when it has published nothing
 * for a multiple of the interval that is expected between two publications, which is the mean one so far and never less than
 * a bound. Thread-safe.
 */
final class Pulse {

    private final LongSupplier nanos;
    private final long start;
    private long last;
    private long reports;
    private long step;
    private long stepNanos;
    private double rate;

    Pulse(LongSupplier nanos) {
        this.nanos = nanos;
        start = nanos.getAsLong();
        last = start;
        stepNanos = start;
    }

    /** Something was published. */
    synchronized void on(Event event) {
        last = nanos.getAsLong();
        reports++;
        if (event instanceof Event.MetricPoint point && point.step() > step) {
            rate = (point.step() - step) / Math.max(1e-9, (last - stepNanos) / 1e9);
            step = point.step();
            stepNanos = last;
        }
    }

    /** The step that the attempt has come to; 0 before it tells. */
    synchronized long step() {
        return step;
    }

    /** Steps per second between the last two steps that were told; 0 before. */
    synchronized double rate() {
        return rate;
    }

    /** Seconds since the last publication. */
    synchronized double silence() {
        return (nanos.getAsLong() - last) / 1e9;
    }

    /**
     * Whether the attempt makes no progress.
     *
     * @param times the expected interval
     * @param least expected interval
     */
    synchronized boolean stuck(int times, Duration least) {
        double mean = reports == 0 ? 0 : (last - start) / 1e9 / reports;
        return silence() > times * Math.max(mean, least.toMillis() / 1e3);
    }
}
