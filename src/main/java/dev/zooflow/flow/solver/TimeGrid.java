package dev.zooflow.flow.solver;

/**
 * Times 0 = t_0 &lt; … &lt; t_n = 1 between which a solver steps.
 *
 * @param times n + 1 values, ascending; treated as immutable
 */
public record TimeGrid(double[] times) {

    /** n equal steps. */
    public static TimeGrid uniform(int steps) {
        if (steps < 1) {
            throw new IllegalArgumentException("steps (%d) is not positive".formatted(steps));
        }
        double[] times = new double[steps + 1];
        for (int k = 0; k <= steps; k++) {
            times[k] = (double) k / steps;
        }
        return new TimeGrid(times);
    }

    /** n. */
    public int steps() {
        return times.length - 1;
    }
}
