package dev.zooflow.manifold;

import ai.djl.ndarray.NDArray;

/**
 * A complete Riemannian manifold embedded in R^dim: batched, differentiable operations on points and tangent vectors.
 *
 * <p>Legend: points x, y and tangent vectors u, v have shape [..., dim]; leading axes broadcast; "reduces" means that
 * the last axis is gone. Values and gradients are finite for all finite arguments, singular ones included; what happens
 * there is said by each implementation. Results and intermediates belong to the manager of the first argument, so call
 * these methods on arrays of a short-lived manager. Points are expected to lie on the manifold and vectors to be
 * tangent; nothing is projected silently.
 */
public interface Manifold {

    /**
     * Exponential map: the point reached after unit time on the geodesic that leaves x with velocity u.
     *
     * @return [..., dim]
     */
    NDArray expmap(NDArray x, NDArray u);

    /**
     * Logarithmic map: the tangent vector at x of the shortest geodesic that reaches y after unit time; the inverse of
     * {@link #expmap} away from the cut locus.
     *
     * @return [..., dim]
     */
    NDArray logmap(NDArray x, NDArray y);

    /**
     * Logarithmic map extended to ambient points y off the manifold, linear in the length of y: E[y | x] of a spread-out y
     * maps to about E[log_x y | x], where projecting it first would give the full distance. Equals {@link #logmap} for y on
     * the manifold.
     *
     * @return [..., dim], tangent at x
     */
    NDArray ambientLogmap(NDArray x, NDArray y);

    /** Geodesic distance; reduces. */
    NDArray dist(NDArray x, NDArray y);

    /** Squared geodesic distance; reduces. */
    NDArray squaredDist(NDArray x, NDArray y);

    /**
     * Squared distance of every x to every y in the k-fold product of this manifold, without an array of n·m·k·dim
     * values. For couplings: the values are exact to about 1e-6, gradients are not provided.
     *
     * @param x [n, k, dim]
     * @param y [m, k, dim]
     * @return [n, m]
     */
    NDArray pairwiseSquaredDist(NDArray x, NDArray y);

    /** Nearest point of the manifold, [..., dim]. */
    NDArray projx(NDArray x);

    /** Orthogonal projection of an ambient vector u to the tangent space at x, [..., dim]. */
    NDArray proju(NDArray x, NDArray u);

    /** Riemannian inner product ⟨u, v⟩_x of two tangent vectors at x; reduces. */
    default NDArray inner(NDArray x, NDArray u, NDArray v) {
        return u.mul(v).sum(Axes.LAST);
    }

    /** Riemannian norm of a tangent vector at x; reduces. Its gradient at u = 0 is 0. */
    default NDArray norm(NDArray x, NDArray u) {
        return u.norm(Axes.LAST, false);
    }

    /** Riemannian gradient of a function whose gradient in the ambient space is {@code grad}, [..., dim]. */
    default NDArray egrad2rgrad(NDArray x, NDArray grad) {
        return proju(x, grad);
    }

    /** Parallel transport of the tangent vector u along the shortest geodesic from x to y, [..., dim]. */
    NDArray transp(NDArray x, NDArray y, NDArray u);

    /**
     * Inverse differential of the exponential map: the tangent vector w at x with d/ds exp_x(u + s w) = v at s = 0. With it
     * a curve on the manifold can be followed in the flat tangent space at x.
     *
     * @param u tangent at x
     * @param v tangent at exp_x(u)
     * @return [..., dim], tangent at x
     */
    NDArray dexpInverse(NDArray x, NDArray u, NDArray v);
}
