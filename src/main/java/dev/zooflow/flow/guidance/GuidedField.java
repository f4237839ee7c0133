package dev.zooflow.flow.guidance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/**
 * A velocity field v with guidance by g, the Riemannian gradient of an objective, scaled. It is the field of one integration
 * from t = 0 to t = 1. Not thread-safe.
 *
 * <ul>
 *   <li>{@link Place#CURRENT_POINT}: the gradient at x is subtracted, v − λ(t) g(x) (Erdogan, arXiv 2504.03710). A field
 *       that predicts an end point pulls back to it, so that little remains of early gradients.
 *   <li>{@link Place#END_POINT}: the end point y = exp_x((1−t) v) to which the velocity leads is moved by s, where
 *       ds/dt = −λ(t) g(exp_y s), and the velocity leads there: log_x(exp_y s) / (1−t). So the moves add up. The gradient
 *       does not pass through v, as in He et al., "Manifold Preserving Guided Diffusion", ICLR 2024. A gradient is taken
 *       whenever time has gone on since the last one.
 * </ul>
 *
 * <p>Where λ(t) = 0 no gradient is taken. Legend: B networks, P coordinates.
 */
public final class GuidedField implements VelocityField, AutoCloseable {

    private final VelocityField field;
    private final Manifold manifold;
    private final Pullback objective;
    private final Schedule schedule;
    private final Place place;
    private final GradientScale scale;
    private int evaluations;
    private double seen;
    private @Nullable NDArray shift;
    private @Nullable NDArray factors;

    /** Where the gradient is taken. */
    public enum Place {
        CURRENT_POINT,
        END_POINT
    }

    /**
     * Guides a field.
     *
     * @param manifold on which the field lives
     */
    public GuidedField(
            VelocityField field,
            Manifold manifold,
            Pullback objective,
            Schedule schedule,
            Place place,
            GradientScale scale) {
        this.field = field;
        this.manifold = manifold;
        this.objective = objective;
        this.schedule = schedule;
        this.place = place;
        this.scale = scale;
    }

    /** {@inheritDoc} All networks must have the same time. */
    @Override
    public NDArray velocity(NDArray x, NDArray t) {
        NDArray v = field.velocity(x, t);
        double time = t.getFloat(0);
        double strength = schedule.at(time);
        if (place == Place.END_POINT) {
            return towardsMoved(x, v, time, strength);
        }
        return strength == 0 ? v : v.sub(move(x, v, strength));
    }

    private NDArray towardsMoved(NDArray x, NDArray v, double t, double strength) {
        double move = strength * Math.max(0, t - seen);
        seen = Math.max(seen, t);
        NDArray end = manifold.expmap(x, Autograd.scale(v, 1 - t));
        if (move > 0) {
            NDArray step = move(moved(end), v, move);
            keep(shift == null ? step.neg() : shift.sub(step));
        }
        return shift == null ? v : Autograd.scale(manifold.logmap(x, moved(end)), 1 / (1 - t));
    }

    private NDArray moved(NDArray end) {
        return shift == null ? end : manifold.expmap(end, manifold.proju(end, shift));
    }

    // The gradient at a point, tangent there, scaled to the velocity and by a factor.
    private NDArray move(NDArray at, NDArray v, double factor) {
        NDArray g = manifold.egrad2rgrad(at, objective.gradient(at, evaluations++));
        return Autograd.scale(g.mul(factors(g, v)), factor);
    }

    private NDArray factors(NDArray g, NDArray v) {
        if (factors != null) {
            return factors;
        }
        NDArray now = scale.factors(g, v);
        if (scale.kept()) {
            NDScope.unregister(now);
            factors = now;
        }
        return now;
    }

    // Lives from one step of the solver to the next.
    private void keep(NDArray next) {
        NDScope.unregister(next);
        if (shift != null) {
            shift.close();
        }
        shift = next;
    }

    /** Gradients of each network so far. */
    public int evaluations() {
        return evaluations;
    }

    /** Frees what is kept between evaluations. */
    @Override
    public void close() {
        for (NDArray kept : new NDArray[] {shift, factors}) {
            if (kept != null) {
                kept.close();
            }
        }
    }
}
