package dev.zooflow.nn;

/**
 * Linear warm-up over a number of steps, then half a cosine to zero over the budget (Loshchilov &amp; Hutter, ICLR 2017).
 *
 * @param peak rate after the warm-up
 * @param warmUp steps, at least 0
 */
public record LearningRate(double peak, int warmUp) {

    /**
     * The rate of a step.
     *
     * @param step from 0
     * @param progress share of the budget that is used up, in [0, 1]
     */
    public double at(long step, double progress) {
        double warm = step < warmUp ? (step + 1.0) / warmUp : 1;
        return peak * warm * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, progress))));
    }
}
