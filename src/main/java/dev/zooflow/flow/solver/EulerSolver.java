package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Autograd;

/**
 * The explicit Euler method on a manifold: x ← exp_x(h v(x, t)), in flat space x + h v.
 *
 * @param manifold on which the field lives
 */
public record EulerSolver(Manifold manifold) {

    /**
     * Integrates a field along a grid; every step frees its temporaries.
     *
     * @param x0 [B, P]
     * @param noise added before each step
     * @return x at the last time, [B, P]
     */
    public NDArray integrate(VelocityField field, NDArray x0, TimeGrid grid, SamplingNoise noise) {
        NDArray x = x0;
        for (int k = 0; k < grid.steps(); k++) {
            double t = grid.times()[k];
            NDArray next = step(field, x, t, grid.times()[k + 1] - t, noise, k);
            if (x != x0) {
                x.close();
            }
            x = next;
        }
        return x;
    }

    private NDArray step(VelocityField field, NDArray x, double t, double h, SamplingNoise noise, int k) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray from = noise.apply(manifold, x, t, k);
            NDArray time = x.getManager().full(new Shape(x.getShape().get(0), 1), (float) t);
            NDArray next = manifold.expmap(from, Autograd.scale(field.velocity(from, time), h));
            NDScope.unregister(next);
            return next;
        }
    }
}
