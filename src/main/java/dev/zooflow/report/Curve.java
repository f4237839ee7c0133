package dev.zooflow.report;

import dev.zooflow.message.Event.MetricPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * The curve of one stage from the points of all attempts at it: where a later attempt has begun, nothing of an earlier one
 * counts any more, be it that its worker died after it had saved its state or that it went on without a lock.
 */
final class Curve {

    private Curve() {}

    /** Points by step, which ascend strictly. */
    static List<MetricPoint> of(List<MetricPoint> points) {
        List<MetricPoint> latestFirst = new ArrayList<>(points);
        latestFirst.sort(Comparator.comparingInt(MetricPoint::attempt)
                .thenComparingLong(MetricPoint::step)
                .reversed());
        List<MetricPoint> curve = new ArrayList<>();
        for (MetricPoint point : latestFirst) {
            if (curve.isEmpty() || point.step() < curve.get(curve.size() - 1).step()) {
                curve.add(point);
            }
        }
        Collections.reverse(curve);
        return List.copyOf(curve);
    }
}
