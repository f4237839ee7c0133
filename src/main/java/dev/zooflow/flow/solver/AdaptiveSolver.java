package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDScope;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Autograd;
import org.jspecify.annotations.Nullable;

/**
 * A Runge–Kutta method that chooses its steps, on any manifold: all points of a batch take the same steps, as long as the
 * worst of them allows.
 *
 * <p>The error of a step at one point is the root mean square over its P coordinates of e_i / (atol s_i + rtol max(|x_i|,
 * |x'_i|)) with the estimated error e, start x and end x'. A step with an error above 1 is rejected; the next one is
 * h · clip(0.9 error^{-1/(q+1)}, 0.2, 5) with the embedded order q, and never grows right after a rejection (Hairer,
 * Nørsett, Wanner 1993, section II.4). The step that ends at t = 1 is taken by {@link ButcherTableau#closing()} with its
 * own error estimate, and whatever its error where it is shorter than 2 {@value #SHORTEST_STEP}: single precision knows no
 * more of 1 − t.
 *
 * @param manifold on which the field lives
 * @param tableau with an embedded method, as its closing one has
 * @param rtol relative tolerance, &gt; 0
 * @param atol absolute tolerance in units of {@code scale}, &gt; 0
 * @param scale s, the size of each coordinate, [1, P]
 */
public record AdaptiveSolver(Manifold manifold, ButcherTableau tableau, double rtol, double atol, NDArray scale) {

    private static final double FIRST_STEP = 0.02;

    /** A shorter step is not tried. */
    static final double SHORTEST_STEP = 1e-4;

    /**
     * Integrates a field forwards; every step frees its temporaries.
     *
     * @param x0 [B, P]
     * @throws ArithmeticException when the tolerance can't be met
     */
    public Solution integrate(VelocityField field, NDArray x0, double from, double to) {
        Progress progress = new Progress(field, x0, from);
        double h = Math.min(FIRST_STEP, to - from);
        while (progress.t < to) {
            // A step that would leave next to nothing goes to the end.
            boolean last = progress.t + h > to - SHORTEST_STEP;
            h = progress.attempt(last ? to - progress.t : h, last ? to : progress.t + h);
        }
        progress.forgetVelocity();
        return new Solution(progress.x, progress.steps, progress.rejected, progress.evaluations);
    }

    /** An integration under way. */
    private final class Progress {
        private final VelocityField field;
        private final NDArray x0;
        private NDArray x;
        private @Nullable NDArray velocity;
        private double t;
        private int steps;
        private int rejected;
        private int evaluations;
        private boolean afterRejection;

        Progress(VelocityField field, NDArray x0, double from) {
            this.field = field;
            this.x0 = x0;
            this.x = x0;
            this.t = from;
        }

        /** Tries a step and returns the length of the next. */
        double attempt(double h, double end) {
            ButcherTableau method = end == 1 ? tableau.closing() : tableau;
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                RungeKuttaStep step = RungeKuttaStep.evaluate(manifold, method, field, x, t, h, velocity);
                evaluations += method.stages() - (velocity == null ? 0 : 1);
                NDArray next = step.end();
                double error = worst(step.error(), next);
                double factor = 0.9
                        * Math.pow(
                                error, -1.0 / (method.embedded().orElseThrow().order() + 1));
                boolean atTheEnd = end == 1 && h < 2 * SHORTEST_STEP && Double.isFinite(error);
                if (error <= 1 || atTheEnd) {
                    accept(step, next, end);
                    double growth = Math.min(afterRejection ? 1 : 5, Math.max(0.2, factor));
                    afterRejection = false;
                    return Math.max(SHORTEST_STEP, h * growth);
                }
                reject(step, h, error);
                return Math.max(SHORTEST_STEP, h * (Double.isNaN(factor) ? 0.2 : Math.max(0.2, factor)));
            }
        }

        private double worst(NDArray error, NDArray next) {
            NDArray size = NDArrays.maximum(x.abs(), next.abs());
            NDArray tolerance = Autograd.scale(scale, atol).add(Autograd.scale(size, rtol));
            NDArray meanSquare = error.div(tolerance).square().mean(new int[] {1});
            return Math.sqrt(meanSquare.max().toArray()[0].doubleValue());
        }

        private void accept(RungeKuttaStep step, NDArray next, double end) {
            NDArray known = step.tableau().isFirstSameAsLast() ? step.last() : null;
            NDScope.unregister(next);
            if (known != null) {
                NDScope.unregister(known);
            }
            forgetVelocity();
            if (x != x0) {
                x.close();
            }
            x = next;
            velocity = known;
            t = end;
            steps++;
        }

        private void reject(RungeKuttaStep step, double h, double error) {
            if (h < 2 * SHORTEST_STEP) {
                throw new ArithmeticException(
                        "error (%.3g tolerances) of the shortest step at t = %.4f is too large. Maybe a larger rtol?"
                                .formatted(error, t));
            }
            if (velocity == null) {
                velocity = step.slopes().get(0);
                NDScope.unregister(velocity);
            }
            rejected++;
            afterRejection = true;
        }

        void forgetVelocity() {
            if (velocity != null) {
                velocity.close();
                velocity = null;
            }
        }
    }
}
