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

    /** What is time for the rule in force; for none steps. */
    public TimeAttr timeAttr() {
        return switch (type) {
            case NONE -> TimeAttr.STEP;
            case MEDIAN -> median.timeAttr();
            case ASHA -> asha.timeAttr();
            case HYPERBAND -> hyperband.timeAttr();
        };
    }

    /** Its time before which nothing is stopped; for none infinite. */
    double gracePeriod() {
        return switch (type) {
            case NONE -> Double.POSITIVE_INFINITY;
            case MEDIAN -> median.gracePeriod();
            case ASHA -> asha.gracePeriod();
            case HYPERBAND -> hyperband.gracePeriod();
        };
    }

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
