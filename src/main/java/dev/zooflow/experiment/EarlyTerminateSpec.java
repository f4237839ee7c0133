package dev.zooflow.experiment;

/**
 * Which trials of a sweep are stopped before the end of their training.
 *
 * @param type the rule in force
 * @param median its numbers, where {@code type} is that rule
 * @param asha likewise
 * @param hyperband likewise
 */
public record EarlyTerminateSpec(Type type, Median median, Halving asha, Halving hyperband) {

    /** The rules. */
    public enum Type {
        NONE,
        MEDIAN,
        ASHA,
        HYPERBAND
    }

    /** What a rule takes for the time of a training. */
    public enum TimeAttr {
        /** Number of the checkpoint, from 1. */
        CHECKPOINT,
        /** Steps of the optimiser. */
        STEP,
        /** Seconds of training. */
        SECONDS
    }

    /**
     * Numbers of the median stopping rule.
     *
     * @param timeAttr what is time
     * @param gracePeriod time before which nothing is stopped and no mean begins
     * @param minSamplesRequired fewest other trials that have come as far
     */
    public record Median(TimeAttr timeAttr, double gracePeriod, int minSamplesRequired) {}

    /**
     * Numbers of successive halving.
     *
     * @param timeAttr what is time
     * @param gracePeriod time of the first rung
     * @param reductionFactor one trial in so many goes on from a rung, for so many times as long
     * @param maxT time from which on there is no rung
     */
    public record Halving(TimeAttr timeAttr, double gracePeriod, double reductionFactor, double maxT) {}
}
