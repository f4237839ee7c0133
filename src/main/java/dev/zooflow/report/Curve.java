package dev.zooflow.report;

import dev.zooflow.message.Event.MetricPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

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

    /** At most so many of them, evenly chosen, the first and the last among them. */
    static <T> List<T> thinned(List<T> points, int most) {
        if (points.size() <= most) {
            return points;
        }
        double stride = (points.size() - 1) / (double) (most - 1);
        return IntStream.range(0, most)
                .mapToObj(i -> points.get((int) Math.round(i * stride)))
                .toList();
    }
}
