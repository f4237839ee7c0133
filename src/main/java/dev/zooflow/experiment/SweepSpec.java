package dev.zooflow.experiment;

/**
 * What made the flows of an experiment, and how they are ranked.
 *
 * @param method how values were chosen
 * @param metric that ranks them
 * @param runCap most trials
 */
public record SweepSpec(Method method, Metric metric, int runCap) {

    /** How values are chosen. */
    public enum Method {
        /** Every combination. */
        GRID,
        /** Independently at random. */
        RANDOM,
        /** A Halton sequence with a random shift, which fills the space more evenly. */
        QUASI_RANDOM
    }

    /** Which values of a metric are good. */
    public enum Goal {
        MAXIMIZE,
        MINIMIZE
    }

    /**
     * A value of a flow's final score.
     *
     * @param name as in {@code scores.json}
     * @param goal whether much or little of it is good
     */
    public record Metric(String name, Goal goal) {}
}
