package dev.zooflow.flow.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.solver.ButcherTableau;
import dev.zooflow.flow.solver.FixedStepSolver;
import dev.zooflow.flow.solver.TimeGrid;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.manifold.ProductManifold;
import dev.zooflow.manifold.ProductManifold.Factor;
import java.util.List;

/**
 * The density that a flow carries from its source to a point: log p_T(x(T)) = log p_0(x(0)) − ∫_0^T div v(x(t), t) dt along
 * the path that ends at the point. Path and integral are one ordinary differential equation on the product of the
 * manifold and a line for each estimate, integrated backwards by any tableau. Densities are with respect to the
 * Riemannian volume.
 *
 * @param manifold on which the field lives
 * @param tableau the method
 */
public record ChangeOfVariables(Manifold manifold, ButcherTableau tableau) {

    /**
     * Points at the source.
     *
     * @param x0 where the paths begin, [B, P]
     * @param logRatio log p_T(x) − log p_0(x0), [B, K]: one estimate for each probe
     */
    public record Origin(NDArray x0, NDArray logRatio) {}

    /**
     * Follows the field back to t = 0.
     *
     * @param field differentiable in x
     * @param x points at time T, [B, P]
     * @param time T, below 1 for a field that is singular there
     * @param steps of integration
     */
    public Origin backwards(VelocityField field, NDArray x, double time, int steps, Probes probes) {
        int size = Math.toIntExact(x.getShape().get(1));
        int estimates = probes.estimates();
        Manifold product = new ProductManifold(
                List.of(new Factor(manifold, 0, 1, size), new Factor(new Euclidean(), size, 1, estimates)));
        NDArray zeros = x.getManager().zeros(new Shape(x.getShape().get(0), estimates), x.getDataType());
        NDArray start = new FixedStepSolver(product, tableau)
                .integrate(
                        new DensityField(manifold, field, probes, size),
                        x.concat(zeros, 1),
                        TimeGrid.between(time, 0, steps))
                .x();
        return new Origin(start.get(":, :{}", size), start.get(":, {}:", size).neg());
    }
}
