package dev.zooflow.dashboard;

import dev.zooflow.message.Event.MetricPoint;
import java.util.Map;
import java.util.TreeMap;

/** The curves of one stage of a run, one for each metric, and how far it is. Owned by one thread. */
final class Stage {

    /** Metrics of a stage that have a curve. */
    private static final int MOST_METRICS = 8;

    private final Map<String, BoundedCurve> curves = new TreeMap<>();
    private long step;
    private double seconds;
    private double progress;
    private int attempt;

    void on(MetricPoint point) {
        if (point.attempt() < attempt || (point.attempt() == attempt && point.step() < step)) {
            return;
        }
        attempt = point.attempt();
        step = point.step();
        seconds = point.seconds();
        progress = point.progress();
        point.values().forEach((metric, value) -> {
            if (curves.size() < MOST_METRICS || curves.containsKey(metric)) {
                curves.computeIfAbsent(metric.intern(), m -> new BoundedCurve())
                        .add(attempt, new BoundedCurve.Point(step, (float) seconds, value.floatValue()));
            }
        });
    }

    Map<String, BoundedCurve> curves() {
        return curves;
    }

    long step() {
        return step;
    }

    double seconds() {
        return seconds;
    }

    double progress() {
        return progress;
    }
}
