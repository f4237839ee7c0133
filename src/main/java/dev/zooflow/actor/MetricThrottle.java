package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Thins the points of one stage's curve: at most one per interval, and always the one with which the stage is complete. For
 * one thread.
 */
final class MetricThrottle {

    /** Four points per second at most. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private final RunId run;
    private final String stage;
    private final int attempt;
    private final Consumer<Event> sink;
    private final LongSupplier nanos;
    private final long start;
    private long next;

    MetricThrottle(RunId run, String stage, int attempt, Consumer<Event> sink, LongSupplier nanos) {
        this.run = run;
        this.stage = stage;
        this.attempt = attempt;
        this.sink = sink;
        this.nanos = nanos;
        start = nanos.getAsLong();
        next = start;
    }

    /** Offers a point that is so many seconds away from the beginning as this object is old. */
    void offer(long step, double progress, Map<String, Double> values) {
        offer(step, (nanos.getAsLong() - start) / 1e9, progress, values);
    }

    /** Offers a point. */
    void offer(long step, double seconds, double progress, Map<String, Double> values) {
        long now = nanos.getAsLong();
        if (now - next < 0 && progress < 1) {
            return;
        }
        next = now + INTERVAL.toNanos();
        sink.accept(new Event.MetricPoint(run, stage, attempt, step, seconds, progress, values));
    }
}
