package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Autograd;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One Runge–Kutta step on a manifold, taken in the flat tangent space at its start: there the curve
 * u(s) = log_x(x(t + s)) obeys u' = (dexp_x)_u^{-1} v(exp_x u, t + s), which is an ordinary differential equation, so that
 * a tableau keeps its order (Munthe-Kaas, BIT 38, 1998, with exp_x as the chart). In flat space it is the classical step.
 *
 * <p>A field that points to a fixed end, (log_x y)/(1 − t), is followed exactly by every tableau in any number of steps.
 *
 * @param x start, [B, P]
 * @param h length, negative backwards
 * @param slopes k_1 … k_s, tangent at x, each [B, P]
 * @param last the field itself at the last stage, [B, P]
 */
record RungeKuttaStep(
        Manifold manifold, ButcherTableau tableau, NDArray x, double h, List<NDArray> slopes, NDArray last) {

    /**
     * Evaluates the stages.
     *
     * @param first the field at x and t, if it is known
     */
    static RungeKuttaStep evaluate(
            Manifold manifold,
            ButcherTableau tableau,
            VelocityField field,
            NDArray x,
            double t,
            double h,
            @Nullable NDArray first) {
        NDArray v = first == null ? field.velocity(x, time(x, t)) : first;
        List<NDArray> slopes = new ArrayList<>(List.of(v));
        for (int i = 1; i < tableau.stages(); i++) {
            NDArray u = combine(slopes, tableau.a()[i], h);
            NDArray stage = manifold.expmap(x, u);
            v = field.velocity(stage, time(x, t + tableau.c()[i] * h));
            slopes.add(manifold.dexpInverse(x, u, v));
        }
        return new RungeKuttaStep(manifold, tableau, x, h, slopes, v);
    }

    /** Where the step ends, [B, P]. */
    NDArray end() {
        return manifold.expmap(x, combine(slopes, tableau.b(), h));
    }

    /** Estimated error of the step: the difference to the embedded method, [B, P], tangent at x. */
    NDArray error() {
        double[] other = tableau.embedded().orElseThrow().b();
        double[] difference = new double[other.length];
        for (int i = 0; i < other.length; i++) {
            difference[i] = tableau.b()[i] - other[i];
        }
        return combine(slopes, difference, h);
    }

    // h Σ_i w_i k_i
    private static NDArray combine(List<NDArray> slopes, double[] weights, double h) {
        NDArray sum = null;
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] != 0) {
                NDArray term = Autograd.scale(slopes.get(i), h * weights[i]);
                sum = sum == null ? term : sum.add(term);
            }
        }
        return sum == null ? slopes.get(0).zerosLike() : sum;
    }

    private static NDArray time(NDArray x, double t) {
        return x.getManager().full(new Shape(x.getShape().get(0), 1), (float) t, x.getDataType());
    }
}
