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
    private final Consumer<Event> sink;
    private final LongSupplier nanos;
    private final long start;
    private long next;

    MetricThrottle(RunId run, String stage, Consumer<Event> sink, LongSupplier nanos) {
        this.run = run;
        this.stage = stage;
        this.sink = sink;
        this.nanos = nanos;
        start = nanos.getAsLong();
        next = start;
    }

    /** Offers a point. */
    void offer(long step, double progress, Map<String, Double> values) {
        long now = nanos.getAsLong();
        if (now - next < 0 && progress < 1) {
            return;
        }
        next = now + INTERVAL.toNanos();
        sink.accept(new Event.MetricPoint(run, stage, step, (now - start) / 1e9, progress, values));
    }
}
