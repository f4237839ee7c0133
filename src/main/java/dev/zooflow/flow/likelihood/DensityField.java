package dev.zooflow.flow.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Autograd;

/**
 * The motion of points together with the logarithm ℓ of the density around them: x' = v(x, t), ℓ' = −div v(x, t) (Chen et
 * al., NeurIPS 2018, theorem 1; on manifolds Mathieu &amp; Nickel, NeurIPS 2020, proposition 2).
 *
 * <p>The Riemannian divergence is tr(Π J Π) with the Jacobian J of v in the surrounding space and the projection Π to the
 * tangent space: it is estimated by (Πε)ᵀ J (Πε). Each probe costs a vector-Jacobian product.
 *
 * <p>Legend: B points, P coordinates, K estimates.
 *
 * @param manifold of the points
 * @param field v, differentiable in x
 * @param probes ε, the same at all times
 * @param size P
 */
record DensityField(Manifold manifold, VelocityField field, Probes probes, int size) implements VelocityField {

    /** [B, P + K] → [B, P + K]. */
    @Override
    public NDArray velocity(NDArray state, NDArray t) {
        NDArray out = Autograd.pause(() -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray derivative = derivative(state.get(":, :{}", size).duplicate(), t);
                NDScope.unregister(derivative);
                return derivative;
            }
        });
        NDScope.register(out);
        return out;
    }

    private NDArray derivative(NDArray x, NDArray t) {
        x.setRequiresGradient(true);
        NDArray v = Autograd.record(() -> field.velocity(x, t));
        NDList estimates = new NDList();
        for (NDArray probe : probes.vectors()) {
            NDArray tangent = manifold.proju(x, probe);
            NDArray product = Autograd.pullback(v, tangent, x);
            estimates.add(product.mul(tangent).sum(new int[] {1}, true));
        }
        NDArray divergence = NDArrays.concat(estimates, 1);
        NDArray columns = probes.isBasis() ? divergence.sum(new int[] {1}, true) : divergence;
        return NDArrays.concat(new NDList(v, columns.neg()), 1);
    }
}
