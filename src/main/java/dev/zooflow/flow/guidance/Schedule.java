package dev.zooflow.flow.guidance;

/**
 * The strength λ(t) of guidance: a ramp within a window of time, 0 outside.
 *
 * @param ramp course within the window
 * @param strength λ
 * @param from first time of the window
 * @param to last time of the window, above {@code from}
 */
public record Schedule(Ramp ramp, double strength, double from, double to) {

    // Times are single precision on their way through the solver.
    private static final double ROUNDING = 1e-6;

    /** λ(t) for t in [0, 1). */
    public double at(double t) {
        if (t < from - ROUNDING || t > to + ROUNDING) {
            return 0;
        }
        return strength * ramp.factor((t - from) / (to - from));
    }
}
