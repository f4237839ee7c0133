package dev.zooflow.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The logarithm of ∫ exp(f(y)) dy over R^m for f(y) = c·y − Σ w e^{2(y_p − y_q)}, by Laplace's method:
 * f(y*) + (m/2) log 2π − ½ log det(−f''(y*)) at the maximum y*, which Newton's method finds, as f is concave.
 *
 * <p>For a single variable with one term this is Stirling's formula for log Γ(c/2): the error is about 1/(6c).
 */
final class LaplaceIntegral {

    private static final int MAX_ITERATIONS = 200;
    private static final double LONGEST_STEP = 1;
    private static final double SETTLED = 1e-9;

    private final double[] linear;
    private final List<Term> terms = new ArrayList<>();

    // p or q may be NONE, which stands for a variable that is 0.
    private record Term(int p, int q, double weight) {}

    /** Index of no variable. */
    static final int NONE = -1;

    /** An integral over m variables. */
    LaplaceIntegral(int variables) {
        linear = new double[variables];
    }

    /** Adds c y_p. */
    void addLinear(int p, double c) {
        linear[p] += c;
    }

    /** Adds −w e^{2(y_p − y_q)}, w ≥ 0. */
    void addExponential(int p, int q, double weight) {
        terms.add(new Term(p, q, weight));
    }

    /**
     * The logarithm of the integral.
     *
     * @param y where the search begins
     * @throws ArithmeticException if there is no maximum, as when all terms of a variable vanish
     */
    double log(double[] y) {
        double[] at = y.clone();
        for (int i = 0; i < MAX_ITERATIONS; i++) {
            Expansion e = new Expansion(at);
            double[] step = e.newtonStep();
            double length = Arrays.stream(step).map(Math::abs).max().orElse(0);
            if (length < SETTLED) {
                return e.value + linear.length * Math.log(2 * Math.PI) / 2 - e.halfLogDeterminant();
            }
            double factor = Math.min(1, LONGEST_STEP / length);
            for (int k = 0; k < at.length; k++) {
                at[k] += factor * step[k];
            }
        }
        throw new ArithmeticException("density of the source has no maximum over the scales of neurons");
    }

    /** Value, gradient and Cholesky factor of the negative Hessian at a point. */
    private final class Expansion {
        private final double[] gradient = linear.clone();
        private final double[][] factor = new double[linear.length][linear.length];
        private final double value;

        Expansion(double[] y) {
            double sum = 0;
            for (int k = 0; k < y.length; k++) {
                sum += linear[k] * y[k];
            }
            for (Term term : terms) {
                sum -= add(term, y);
            }
            value = sum;
            decompose();
        }

        private double add(Term term, double[] y) {
            double exponent = (term.p < 0 ? 0 : y[term.p]) - (term.q < 0 ? 0 : y[term.q]);
            double e = term.weight * Math.exp(2 * exponent);
            if (term.p >= 0) {
                gradient[term.p] -= 2 * e;
                factor[term.p][term.p] += 4 * e;
            }
            if (term.q >= 0) {
                gradient[term.q] += 2 * e;
                factor[term.q][term.q] += 4 * e;
            }
            if (term.p >= 0 && term.q >= 0) {
                factor[Math.max(term.p, term.q)][Math.min(term.p, term.q)] -= 4 * e;
            }
            return e;
        }

        // The lower triangle becomes the factor of Cholesky.
        private void decompose() {
            for (int i = 0; i < factor.length; i++) {
                for (int j = 0; j <= i; j++) {
                    double sum = factor[i][j];
                    for (int k = 0; k < j; k++) {
                        sum -= factor[i][k] * factor[j][k];
                    }
                    factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
                }
                if (!(factor[i][i] > 0)) {
                    throw new ArithmeticException("density of the source does not depend on the scale of a neuron");
                }
            }
        }

        double[] newtonStep() {
            int m = gradient.length;
            double[] x = gradient.clone();
            for (int i = 0; i < m; i++) {
                for (int k = 0; k < i; k++) {
                    x[i] -= factor[i][k] * x[k];
                }
                x[i] /= factor[i][i];
            }
            for (int i = m - 1; i >= 0; i--) {
                for (int k = i + 1; k < m; k++) {
                    x[i] -= factor[k][i] * x[k];
                }
                x[i] /= factor[i][i];
            }
            return x;
        }

        double halfLogDeterminant() {
            double sum = 0;
            for (int i = 0; i < factor.length; i++) {
                sum += Math.log(factor[i][i]);
            }
            return sum;
        }
    }
}
