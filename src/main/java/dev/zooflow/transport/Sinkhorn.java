package dev.zooflow.transport;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;

/**
 * Entropic optimal transport between uniform weights, for many problems at once: the plan P that minimises
 * ⟨P, C⟩ − ε H(P), H(P) = −Σ P_ij (ln P_ij − 1), with row sums 1/n and column sums 1/m (Cuturi 2013; Peyré and Cuturi
 * 2019, sections 4.2 and 4.4).
 *
 * <p>Sinkhorn's iterations are done on ln P = (f ⊕ g − C)/ε and in double precision, so that no ε underflows; the number
 * of iterations needed grows as ε falls. The transport cost ⟨P, C⟩ exceeds the exact one by at most ε ln min(n, m).
 *
 * <p>Legend: p problems, n sources, m targets.
 *
 * @param epsilon ε in units of the cost, &gt; 0
 * @param maxIterations bound on the iterations (each normalises rows, then columns), ≥ 1
 * @param tolerance on the marginal error, &gt; 0
 */
public record Sinkhorn(double epsilon, int maxIterations, double tolerance) {

    // Iterations between two measurements of the error, which need a copy out of native memory.
    private static final int CHECK_EVERY = 10;
    private static final int ROWS = 2;
    private static final int COLUMNS = 1;

    /** Checks the ranges. */
    public Sinkhorn {
        if (!(epsilon > 0) || maxIterations < 1 || !(tolerance > 0)) {
            throw new IllegalArgumentException(
                    "epsilon (%s), iterations (%d) and tolerance (%s) must be positive. Maybe 0.05, 1000 and 1e-6?"
                            .formatted(epsilon, maxIterations, tolerance));
        }
    }

    /**
     * What the iterations came to. A problem that has not converged says so; its plan is that of the last iteration.
     *
     * @param plan [p, n, m], with the type of the costs; column sums are 1/m up to rounding
     * @param converged whether the marginal error is within the tolerance, [p]
     * @param iterations done, the same for all problems
     * @param marginalError Σ_i |Σ_j P_ij − 1/n|, [p]
     */
    public record Result(NDArray plan, boolean[] converged, int iterations, double[] marginalError) {}

    /**
     * Solves p problems.
     *
     * @param cost [p, n, m], finite
     * @throws IllegalArgumentException if a cost is not finite
     */
    public Result solve(NDArray cost) {
        checkFinite(cost);
        double n = cost.getShape().get(1);
        double m = cost.getShape().get(2);
        NDManager home = cost.getManager();
        try (NDManager scratch = home.newSubManager()) {
            NDArray logs =
                    Torch.borrow(scratch, cost).toType(DataType.FLOAT64, true).div(-epsilon);
            int iterations = 0;
            double[] error;
            do {
                int round = Math.min(CHECK_EVERY, maxIterations - iterations);
                logs = round(logs, round);
                iterations += round;
                error = marginalError(logs, n, m);
            } while (iterations < maxIterations && largest(error) > tolerance);
            NDArray plan = logs.exp().div(m).toType(cost.getDataType(), true);
            plan.attach(home);
            return new Result(plan, converged(error), iterations, error);
        }
    }

    private static NDArray round(NDArray logs, int iterations) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray next = balance(logs, iterations);
            NDScope.unregister(next);
            logs.close();
            return next;
        }
    }

    /**
     * Sinkhorn's operator on logits: alternately normalises the rows and the columns of exp(logits), which for square
     * matrices tends to the doubly stochastic matrix nearest to exp(logits) in relative entropy (Adams and Zemel 2011).
     * Differentiable: gradients go through the iterations.
     *
     * @param logits [p, n, m]
     * @return logarithms, [p, n, m]; the columns of their exponentials sum to 1
     */
    public static NDArray balance(NDArray logits, int iterations) {
        NDArray logs = logits;
        for (int k = 0; k < iterations; k++) {
            logs = logs.logSoftmax(ROWS).logSoftmax(COLUMNS);
        }
        return logs;
    }

    // The columns have been normalised last, so that only rows can be off.
    private static double[] marginalError(NDArray logs, double n, double m) {
        return logs.exp()
                .sum(new int[] {ROWS})
                .div(m)
                .sub(1 / n)
                .abs()
                .sum(new int[] {1})
                .toDoubleArray();
    }

    private boolean[] converged(double[] error) {
        boolean[] converged = new boolean[error.length];
        for (int i = 0; i < error.length; i++) {
            converged[i] = error[i] <= tolerance;
        }
        return converged;
    }

    private static double largest(double[] error) {
        return Arrays.stream(error).max().orElse(0);
    }

    private static void checkFinite(NDArray cost) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            if (cost.isNaN().any().getBoolean() || cost.isInfinite().any().getBoolean()) {
                throw new IllegalArgumentException("costs are not all finite. Maybe the weights have diverged?");
            }
        }
    }
}
