package dev.zooflow.manifold;

import ai.djl.ndarray.NDArray;
import dev.zooflow.tensor.Autograd;

/**
 * The unit sphere S^{dim-1} in R^dim with the metric of the surrounding space; distances are angles in [0, π].
 *
 * <p>Singular places:
 *
 * <ul>
 *   <li>u = 0 and x = y need no series: a norm is never divided by before {@value #TINY} was added to it, and sin(r)/r
 *       and θ/s are exact to rounding for every r, s ≥ {@value #TINY}.
 *   <li>Antipodes (angle nearer to π than {@value #CUT}) have no unique shortest geodesic. {@code logmap} then starts
 *       in a fixed direction that depends on x only: the axis of x's smallest coordinate, made tangent. Its length is
 *       the distance and its exponential is y up to {@value #CUT}.
 *   <li>exp is singular at r = π, where the whole sphere of vectors reaches one point. {@code dexpInverse} takes sin(r)/r
 *       for at least {@value #FLATTEST}: beyond an angle of 2.85 it is no longer the exact inverse.
 *   <li>S^0 (dim 1) is the two points ±1 with tangent space {0}: exp and log never leave x; the distance between the
 *       two points is π by convention.
 *   <li>The zero vector has no direction: {@code projx} leaves it zero (and so off the sphere).
 * </ul>
 */
public final class Sphere implements Manifold {

    /** Added to norms before division. */
    static final float TINY = 1e-15f;

    /** Half width, in radians, of the neighbourhood of the antipode in which log takes a fixed direction. */
    static final float CUT = 1e-6f;

    /** Smallest sin(r)/r that the inverse differential of exp divides by; reached at r = 2.85. */
    static final float FLATTEST = 0.1f;

    // Rounding of ⟨x, y⟩ can't hide an antipode from this bound.
    private static final double NEARLY_OPPOSITE = -1 + 1e-5;
    // The smallest norm of which projx still trusts the direction; it bounds the gradient there.
    private static final float SMALLEST_NORM = 1e-8f;

    /** exp_x(u) = cos‖u‖ x + (sin‖u‖ / ‖u‖) u. */
    @Override
    public NDArray expmap(NDArray x, NDArray u) {
        NDArray r = u.norm(Axes.LAST, true).add(TINY);
        return x.mul(r.cos()).add(u.mul(r.sin().div(r)));
    }

    /** log_x(y) = (θ / s) (y − c x) with c = ⟨x, y⟩, s = ‖y − c x‖ and θ = atan2(s, c). */
    @Override
    public NDArray logmap(NDArray x, NDArray y) {
        NDArray c = x.mul(y).sum(Axes.LAST, true);
        NDArray w = y.sub(x.mul(c));
        NDArray s = w.norm(Axes.LAST, true).add(TINY);
        NDArray theta = s.atan2(c);
        NDArray log = w.mul(theta.div(s));
        return smallest(c) < NEARLY_OPPOSITE ? replaceAtAntipodes(log, x, c, s, theta) : log;
    }

    /** ‖y‖ log_x(y / ‖y‖). */
    @Override
    public NDArray ambientLogmap(NDArray x, NDArray y) {
        NDArray length = y.norm(Axes.LAST, true).clip(SMALLEST_NORM, Float.POSITIVE_INFINITY);
        return logmap(x, y.div(length)).mul(length);
    }

    private static NDArray replaceAtAntipodes(NDArray log, NDArray x, NDArray c, NDArray s, NDArray theta) {
        int dim = Math.toIntExact(x.getShape().get(x.getShape().dimension() - 1));
        NDArray axis = x.abs().argMin(-1).oneHot(dim, x.getDataType());
        NDArray tangent = axis.sub(x.mul(x.mul(axis).sum(Axes.LAST, true)));
        NDArray unit = tangent.div(tangent.norm(Axes.LAST, true).add(TINY));
        NDArray atAntipode = c.lt(0).logicalAnd(s.lt(CUT));
        NDArray mask = atAntipode.toType(x.getDataType(), false);
        return log.add(mask.mul(unit.mul(theta).sub(log)));
    }

    private static double smallest(NDArray c) {
        try (NDArray min = c.min()) {
            return min.toArray()[0].doubleValue();
        }
    }

    /**
     * The angle 2 atan2(‖x − y‖, ‖x + y‖), accurate for all angles (Kahan 2006, "How Futile are Mindless Assessments of
     * Roundoff", §12); its gradient at x = y and at antipodes is 0.
     */
    @Override
    public NDArray dist(NDArray x, NDArray y) {
        NDArray apart = x.sub(y).norm(Axes.LAST, false);
        NDArray together = x.add(y).norm(Axes.LAST, false).add(TINY);
        return Autograd.scale(apart.atan2(together), 2);
    }

    @Override
    public NDArray squaredDist(NDArray x, NDArray y) {
        return dist(x, y).square();
    }

    /** The squares of acos⟨x, y⟩, from one batched matrix product. */
    @Override
    public NDArray pairwiseSquaredDist(NDArray x, NDArray y) {
        NDArray c = x.transpose(1, 0, 2).matMul(y.transpose(1, 2, 0));
        return c.clip(-1f, 1f).acos().square().sum(new int[] {0});
    }

    @Override
    public NDArray projx(NDArray x) {
        return x.div(x.norm(Axes.LAST, true).clip(SMALLEST_NORM, Float.POSITIVE_INFINITY));
    }

    /** u − ⟨x, u⟩ x. */
    @Override
    public NDArray proju(NDArray x, NDArray u) {
        return u.sub(x.mul(x.mul(u).sum(Axes.LAST, true)));
    }

    /**
     * u − 2 (⟨p, u⟩ / ‖p‖²) p with p = x + y, a reflection and so an isometry to rounding. At antipodes, whose tangent
     * spaces coincide, u stays as it is.
     */
    @Override
    public NDArray transp(NDArray x, NDArray y, NDArray u) {
        NDArray p = x.add(y);
        NDArray projection = Autograd.scale(p.mul(u).sum(Axes.LAST, true), 2);
        NDArray squaredNorm = p.square().sum(Axes.LAST, true).add(TINY * TINY);
        return u.sub(p.mul(projection.div(squaredNorm)));
    }

    /**
     * ⟨g, v⟩ e + (r / sin r) (v − ⟨g, v⟩ g) with r = ‖u‖, e = u/r and the geodesic's direction of arrival
     * g = cos(r) e − sin(r) x: exp keeps lengths along the geodesic and shrinks those across it by sin(r)/r.
     */
    @Override
    public NDArray dexpInverse(NDArray x, NDArray u, NDArray v) {
        NDArray r = u.norm(Axes.LAST, true).add(TINY);
        NDArray start = u.div(r);
        NDArray arrival = start.mul(r.cos()).sub(x.mul(r.sin()));
        NDArray along = arrival.mul(v).sum(Axes.LAST, true);
        NDArray shrinkage = r.sin().div(r).clip(FLATTEST, 1f);
        return start.mul(along).add(v.sub(arrival.mul(along)).div(shrinkage));
    }
}
