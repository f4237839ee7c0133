package dev.zooflow.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A curve of any length in bounded memory: of each group of points the one with the smallest and the one with the largest value
 * are kept, in their order, so that no spike is lost; when the room is full, groups become twice as long. The very first and the
 * latest point are kept, too. Owned by one thread.
 *
 * <p>These are the extremes of the M4 aggregation, which a line chart of as many columns as groups shows without error in
 * them: Jugel, Jerzak, Hackenbroich and Markl, "M4: a visualization-oriented time series data aggregation", PVLDB 7(10), 2014.
 */
final class BoundedCurve {

    /** Points kept besides the first and the latest; a multiple of four. */
    static final int ROOM = 512;

    private static final int LEAST = 16;

    /**
     * A point.
     *
     * @param step ascending
     * @param seconds of the stage so far
     * @param value finite
     */
    record Point(long step, float seconds, float value) {}

    private long[] steps = new long[LEAST];
    private float[] seconds = new float[LEAST];
    private float[] values = new float[LEAST];
    private int size;
    private int attempt;
    // Points that one group holds: 1 until the room was full for the first time, then 4, 8, …
    private long width = 1;
    private final Point[] group = new Point[2];
    private long grouped;
    private Point[] ends = {};

    /**
     * Adds a point, unless its value is not finite, or it was there before. Where a later attempt has begun nothing of an earlier
     * one counts any more.
     */
    void add(int ofAttempt, Point point) {
        if (!Float.isFinite(point.value()) || ofAttempt < attempt) {
            return;
        }
        if (ofAttempt > attempt) {
            attempt = ofAttempt;
            cut(point.step());
        } else if (ends.length > 0 && point.step() <= ends[1].step()) {
            return;
        }
        ends = new Point[] {ends.length == 0 ? point : ends[0], point};
        gather(point);
    }

    private void gather(Point point) {
        if (width == 1) {
            put(point);
            return;
        }
        // Of equals the first is the smallest and the last the largest, so that a flat group keeps its length.
        group[0] = grouped == 0 || point.value() < group[0].value() ? point : group[0];
        group[1] = grouped == 0 || point.value() >= group[1].value() ? point : group[1];
        if (++grouped == width) {
            pending().forEach(this::put);
            grouped = 0;
        }
    }

    private List<Point> pending() {
        if (grouped == 0) {
            return List.of();
        }
        if (grouped == 1) {
            return List.of(group[0]);
        }
        return group[0].step() < group[1].step() ? List.of(group[0], group[1]) : List.of(group[1], group[0]);
    }

    private void put(Point point) {
        if (size == steps.length) {
            steps = Arrays.copyOf(steps, 2 * size);
            seconds = Arrays.copyOf(seconds, 2 * size);
            values = Arrays.copyOf(values, 2 * size);
        }
        steps[size] = point.step();
        seconds[size] = point.seconds();
        values[size++] = point.value();
        if (size == ROOM) {
            halve();
        }
    }

    private void halve() {
        List<Point> kept = extremes(points(), 4);
        size = 0;
        width = width == 1 ? 4 : 2 * width;
        kept.forEach(this::put);
    }

    private List<Point> points() {
        List<Point> points = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            points.add(new Point(steps[i], seconds[i], values[i]));
        }
        return points;
    }

    private void cut(long step) {
        while (size > 0 && steps[size - 1] >= step) {
            size--;
        }
        grouped = 0;
        if (ends.length > 0) {
            ends = size == 0 || ends[0].step() >= step
                    ? new Point[] {}
                    : new Point[] {ends[0], new Point(steps[size - 1], seconds[size - 1], values[size - 1])};
        }
    }

    /** The point that came last. */
    Optional<Point> latest() {
        return ends.length == 0 ? Optional.empty() : Optional.of(ends[1]);
    }

    /** At most so many points, by step, with the extremes of each stretch and both ends. */
    List<Point> view(int most) {
        List<Point> all = points();
        all.addAll(pending());
        List<Point> kept = thin(all, most - 2);
        if (ends.length > 0) {
            if (kept.isEmpty() || kept.get(0).step() > ends[0].step()) {
                kept.add(0, ends[0]);
            }
            if (kept.get(kept.size() - 1).step() < ends[1].step()) {
                kept.add(ends[1]);
            }
        }
        return kept;
    }

    private static List<Point> thin(List<Point> points, int most) {
        int groups = Math.max(1, most / 2);
        return points.size() <= most ? points : extremes(points, (points.size() + groups - 1) / groups);
    }

    private static List<Point> extremes(List<Point> points, int width) {
        List<Point> kept = new ArrayList<>();
        for (int from = 0; from < points.size(); from += width) {
            int low = from;
            int high = from;
            for (int i = from; i < Math.min(from + width, points.size()); i++) {
                low = points.get(i).value() < points.get(low).value() ? i : low;
                high = points.get(i).value() >= points.get(high).value() ? i : high;
            }
            kept.add(points.get(Math.min(low, high)));
            if (low != high) {
                kept.add(points.get(Math.max(low, high)));
            }
        }
        return kept;
    }
}
