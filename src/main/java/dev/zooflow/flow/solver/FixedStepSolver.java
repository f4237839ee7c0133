package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;

/**
 * A Runge–Kutta method with given steps on any manifold. The step that ends at t = 1 is taken by
 * {@link ButcherTableau#closing()}.
 *
 * @param manifold on which the field lives
 * @param tableau the method
 */
public record FixedStepSolver(Manifold manifold, ButcherTableau tableau) {

    /** Integrates a field along a grid, deterministically. */
    public Solution integrate(VelocityField field, NDArray x0, TimeGrid grid) {
        return integrate(field, x0, grid, Perturbation.NONE);
    }

    /**
     * Integrates a field along a grid; every step frees its temporaries.
     *
     * @param x0 [B, P]
     * @param noise added before each step
     */
    public Solution integrate(VelocityField field, NDArray x0, TimeGrid grid, Perturbation noise) {
        NDArray x = x0;
        int evaluations = 0;
        for (int k = 0; k < grid.steps(); k++) {
            double t = grid.times()[k];
            double end = grid.times()[k + 1];
            ButcherTableau method = end == 1 ? tableau.closing() : tableau;
            NDArray next = step(method, field, x, t, end - t, noise, k);
            evaluations += method.stages();
            if (x != x0) {
                x.close();
            }
            x = next;
        }
        return new Solution(x, grid.steps(), 0, evaluations);
    }

    private NDArray step(
            ButcherTableau method, VelocityField field, NDArray x, double t, double h, Perturbation noise, int k) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray from = noise.apply(manifold, x, t, k);
            NDArray next = RungeKuttaStep.evaluate(manifold, method, field, from, t, h, null)
                    .end();
            NDScope.unregister(next);
            return next;
        }
    }
}
