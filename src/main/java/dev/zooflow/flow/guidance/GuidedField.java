package dev.zooflow.flow.guidance;

import ai.djl.ndarray.NDArray;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Autograd;

/**
 * A velocity field with guidance: v(x, t) − λ(t) g, g the Riemannian gradient of an objective, scaled.
 *
 * <p>The gradient is taken at x, or at the end point y = exp_x((1−t) v) to which the velocity leads, and then transported
 * back to x. The second is the shortcut of He et al., "Manifold Preserving Guided Diffusion", ICLR 2024, which spares the
 * backward pass through the network of loss-guided diffusion (Song et al., ICML 2023). Where λ(t) = 0 no gradient is taken.
 * Not thread-safe: evaluations are counted.
 *
 * <p>Legend: B networks, P coordinates.
 */
public final class GuidedField implements VelocityField {

    private final VelocityField field;
    private final Manifold manifold;
    private final Pullback objective;
    private final Schedule schedule;
    private final Place place;
    private final GradientScale scale;
    private int evaluations;

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
        if (strength == 0) {
            return v;
        }
        NDArray g = manifold.egrad2rgrad(x, gradient(x, v, time));
        return v.sub(Autograd.scale(scale.apply(g, v), strength));
    }

    private NDArray gradient(NDArray x, NDArray v, double t) {
        int step = evaluations++;
        if (place == Place.CURRENT_POINT) {
            return objective.gradient(x, step);
        }
        NDArray end = manifold.expmap(x, Autograd.scale(v, 1 - t));
        return manifold.transp(end, x, manifold.egrad2rgrad(end, objective.gradient(end, step)));
    }

    /** Gradients of each network so far. */
    public int evaluations() {
        return evaluations;
    }
}
