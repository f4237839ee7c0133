package dev.zooflow.flow.guidance;

import ai.djl.ndarray.NDArray;
import dev.zooflow.tensor.Autograd;
import java.util.function.UnaryOperator;

/**
 * An objective of networks as one of coordinates: with θ = f(x) its gradient is Jᵀ g, J the Jacobian of f at x and g the
 * guide's gradient at θ, as a vector-Jacobian product of the recorded f.
 *
 * @param networks f, differentiable: coordinates [B, P] to weights [B, D]
 * @param guide of weights
 */
public record Pullback(UnaryOperator<NDArray> networks, Guide guide) {

    /**
     * The gradient in the coordinates.
     *
     * @param x [B, P]
     * @param step handed to the guide
     * @return [B, P]
     */
    public NDArray gradient(NDArray x, int step) {
        NDArray leaf = x.duplicate();
        leaf.setRequiresGradient(true);
        NDArray theta = Autograd.record(() -> networks.apply(leaf));
        NDArray g = guide.gradient(theta.stopGradient(), step);
        Autograd.record(() -> {
            NDArray product = theta.mul(g).sum();
            Autograd.backward(product);
            return product;
        });
        return leaf.getGradient();
    }
}
