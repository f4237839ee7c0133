package dev.zooflow.experiment;

/**
 * How sampling follows the gradient g of a task's loss: g is taken on mini-batches of the training split.
 *
 * @param strength λ, the largest value of the schedule; 0 is no guidance
 * @param schedule course of λ(t) between {@code from} and {@code to}
 * @param from time before which λ(t) is 0
 * @param to time after which λ(t) is 0
 * @param at where the gradient is taken
 * @param normalise how the gradient is scaled
 * @param batchSize examples of each network's mini-batch
 */
public record GuidanceSpec(
        double strength, Schedule schedule, double from, double to, At at, Normalise normalise, int batchSize) {

    /** No guidance. */
    public static final GuidanceSpec NONE = new GuidanceSpec(0, Schedule.CONSTANT, 0, 1, At.X1, Normalise.NONE, 1);

    /** Courses of λ(t). */
    public enum Schedule {
        CONSTANT,
        LINEAR,
        COSINE
    }

    /** Points at which the gradient is taken. */
    public enum At {
        /** The current point. */
        XT,
        /** The end point that the current velocity leads to, with all earlier moves. */
        X1
    }

    /** What the gradient is scaled to. */
    public enum Normalise {
        /** Nothing: λ has the unit of the loss. */
        NONE,
        /** The norm of the network's velocity. */
        VELOCITY,
        /** As the first gradient would be to the norm of the network's velocity: later ones are as long as they are to it. */
        INITIAL,
        /** The norm of the velocity in each block: weights of a layer, biases of a layer, global coordinates. */
        BLOCK
    }

    /** Whether there is any. */
    public boolean isOn() {
        return strength > 0;
    }
}
