package dev.zooflow.flow.solver;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * An explicit Runge–Kutta method as its coefficients: stage i is k_i = v(x + h Σ_{j&lt;i} a_ij k_j, t + c_i h), the step is
 * x + h Σ_i b_i k_i (Hairer, Nørsett, Wanner, "Solving Ordinary Differential Equations I", 1993, chapter II).
 *
 * @param order p: the error of a whole integration is O(h^p)
 * @param a [s][i], the coefficients of stage i before it; treated as immutable
 * @param b [s], treated as immutable
 * @param c [s], treated as immutable
 * @param embedded a second method on the same stages, whose difference to the first estimates the error of a step
 */
public record ButcherTableau(int order, double[][] a, double[] b, double[] c, Optional<Embedded> embedded) {

    /**
     * A method of lower order on the stages of another one.
     *
     * @param order of the method
     * @param b [s], treated as immutable
     */
    public record Embedded(int order, double[] b) {}

    /** Euler's method, order 1. */
    public static final ButcherTableau EULER = of(1, new double[][] {{}}, 1);

    /** The explicit midpoint method, order 2. */
    public static final ButcherTableau MIDPOINT = of(2, new double[][] {{}, {1 / 2.0}}, 0, 1);

    /** Heun's method, the explicit trapezoidal rule, order 2. */
    public static final ButcherTableau HEUN = of(2, new double[][] {{}, {1}}, 1 / 2.0, 1 / 2.0);

    /** Ralston's method of order 3 (Math. Comp. 16, 1962), with the midpoint method embedded. */
    public static final ButcherTableau RALSTON = of(
                    3, new double[][] {{}, {1 / 2.0}, {0, 3 / 4.0}}, 2 / 9.0, 1 / 3.0, 4 / 9.0)
            .with(new Embedded(2, new double[] {0, 1, 0}));

    /** The classical method of Runge and Kutta, order 4. */
    public static final ButcherTableau RK4 =
            of(4, new double[][] {{}, {1 / 2.0}, {0, 1 / 2.0}, {0, 0, 1}}, 1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0);

    /** Dormand and Prince's method of order 5 with one of order 4 embedded (J. Comp. Appl. Math. 6, 1980). */
    public static final ButcherTableau DORMAND_PRINCE = of(
                    5,
                    new double[][] {
                        {},
                        {1 / 5.0},
                        {3 / 40.0, 9 / 40.0},
                        {44 / 45.0, -56 / 15.0, 32 / 9.0},
                        {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
                        {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
                        {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0}
                    },
                    35 / 384.0,
                    0,
                    500 / 1113.0,
                    125 / 192.0,
                    -2187 / 6784.0,
                    11 / 84.0,
                    0)
            .with(new Embedded(4, new double[] {
                5179 / 57600.0, 0, 7571 / 16695.0, 393 / 640.0, -92097 / 339200.0, 187 / 2100.0, 1 / 40.0
            }));

    /** All of them. */
    public static List<ButcherTableau> all() {
        return List.of(EULER, MIDPOINT, HEUN, RALSTON, RK4, DORMAND_PRINCE);
    }

    private static ButcherTableau of(int order, double[][] a, double... b) {
        double[] c =
                Arrays.stream(a).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
        return new ButcherTableau(order, a, b, c, Optional.empty());
    }

    private ButcherTableau with(Embedded other) {
        return new ButcherTableau(order, a, b, c, Optional.of(other));
    }

    /** s, the evaluations of the field in a step. */
    public int stages() {
        return b.length;
    }

    /**
     * What takes the step that ends at t = 1, where a field (x̂1 − x)/(1 − t) has no value: the method itself if all its
     * stages lie before the end of the step, else Euler's or Ralston's. The order of the latter is at least p − 1 for
     * p ≤ 4, and as it takes a single step, of local error O(h^p), the integration keeps the order p. For Heun's method
     * this is the rule of Karras et al. (NeurIPS 2022, algorithm 1).
     */
    public ButcherTableau closing() {
        boolean reachesEnd = Arrays.stream(c).anyMatch(node -> node >= 1 - 1e-12);
        if (!reachesEnd) {
            return this;
        }
        return order == 2 ? EULER : RALSTON;
    }

    /** Whether the last stage is evaluated at the end of the step, and so is the first stage of the next. */
    boolean isFirstSameAsLast() {
        return Arrays.equals(Arrays.copyOf(a[stages() - 1], stages()), b);
    }
}
