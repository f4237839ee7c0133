package dev.zooflow.flow.solver;

/**
 * Times t_0, …, t_n between which a solver steps: ascending, or descending to integrate backwards.
 *
 * @param times n + 1 values, strictly monotonic; treated as immutable
 */
public record TimeGrid(double[] times) {

    /** n equal steps from 0 to 1. */
    public static TimeGrid uniform(int steps) {
        return between(0, 1, steps);
    }

    /** n equal steps. */
    public static TimeGrid between(double from, double to, int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps (%d) is not positive".formatted(steps));
        }
        double[] times = new double[steps + 1];
        for (int k = 0; k <= steps; k++) {
            times[k] = from + (to - from) * k / steps;
        }
        return new TimeGrid(times);
    }

    /** n. */
    public int steps() {
        return times.length - 1;
    }
}
