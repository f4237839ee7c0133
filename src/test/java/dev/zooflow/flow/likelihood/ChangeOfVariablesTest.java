package dev.zooflow.flow.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.likelihood.ChangeOfVariables.Origin;
import dev.zooflow.flow.solver.ButcherTableau;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.manifold.ProductManifold;
import dev.zooflow.manifold.ProductManifold.Factor;
import dev.zooflow.manifold.Sphere;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChangeOfVariablesTest {

    private static final Manifold FLAT = new Euclidean();
    private static final Manifold SPHERE = new Sphere();
    private static final double[] A = {
        0.2, -0.9, 0.4, 0.1, 0.8, -0.3, 0.2, -0.5, -0.1, 0.6, 0.5, 0.3, 0.7, -0.2, -0.4, 0.1
    };
    // SciPy 1.17.1: scipy.linalg.expm(-A)
    private static final double[] EXP_MINUS_A = {
        0.4086711835023663,
        0.9535841460345486,
        -0.2978794446632851,
        0.2079321733231391,
        -0.9382351286433148,
        0.9623031594184238,
        0.08372572555734638,
        0.5439139503554407,
        0.3705163833228049,
        -0.4414500166192921,
        0.5408608640303738,
        -0.3551976290067623,
        -0.5441038648794032,
        -0.22257389507704473,
        0.4065740726907739,
        0.8551960152426441
    };

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    static List<ButcherTableau> methods() {
        return List.of(ButcherTableau.MIDPOINT, ButcherTableau.HEUN, ButcherTableau.RK4);
    }

    /** The flow from N(0, I) to N(m, s² I) along straight paths of independent pairs. */
    @ParameterizedTest
    @MethodSource("methods")
    void isExactOnAGaussianFlow(ButcherTableau method) {
        double m = 1.5;
        double s = 0.4;
        // E[x1 − x0 | xt = x] = m + (t s² − (1−t)) / ((1−t)² + t² s²) (x − t m)
        VelocityField field = (x, t) -> {
            NDArray rest = t.neg().add(1);
            NDArray slope =
                    t.mul(s * s).sub(rest).div(rest.square().add(t.square().mul(s * s)));
            return x.sub(t.mul(m)).mul(slope).add(m);
        };
        NDArray x = gaussian(1, 6, 3).mul(0.6).add(1.3);
        for (double end : new double[] {0.5, 0.9, 1}) {
            double variance = (1 - end) * (1 - end) + end * end * s * s;
            double[] expected = logGaussian(x.sub(end * m), variance);
            assertClose(logDensities(FLAT, method, field, x, end, 100, this::rademacher), expected, 1e-2);
        }
    }

    @Test
    void theStandardErrorCoversTheDeviationFromTheExactDensity() {
        NDArray a = manager.create(A, new Shape(4, 4)).transpose();
        VelocityField field = (x, t) -> x.matMul(a);
        NDArray x = gaussian(2, 200, 4);
        double[][] exact = estimates(FLAT, ButcherTableau.RK4, field, x, 1, 10, this::basis);
        double trace = 0.5;
        for (double[] row : exact) {
            assertThat(row).hasSize(1);
        }
        assertClose(change(FLAT, field, x, this::basis), constant(200, -trace), 1e-6);
        for (BiFunction<NDArray, Seed, Probes> kind :
                List.<BiFunction<NDArray, Seed, Probes>>of(this::rademacher, this::gaussianProbes)) {
            LogLikelihood found =
                    LogLikelihood.ofEstimates(estimates(FLAT, ButcherTableau.RK4, field, x, 1, 10, kind), 4);
            double z = 0;
            for (int i = 0; i < exact.length; i++) {
                double deviation = (found.value()[i] - exact[i][0]) / found.standardError()[i];
                z += deviation * deviation / exact.length;
            }
            // The mean square of Student's t with 7 degrees of freedom is 1.4.
            assertThat(z).isBetween(0.8, 2.2);
        }
    }

    @Test
    void aRotationOfTheSphereKeepsTheDensity() {
        double[] generator = {0, -1.2, 0.3, 1.2, 0, 0.5, -0.3, -0.5, 0};
        NDArray a = manager.create(generator, new Shape(3, 3)).transpose();
        NDArray x = SPHERE.projx(gaussian(3, 5, 3));
        double[] found = change(SPHERE, (p, t) -> p.matMul(a), x, this::basis);
        assertClose(found, constant(5, 0), 1e-9);
    }

    /**
     * The field κ grad⟨μ, x⟩ on S^{d−1}, with divergence −κ (d−1) ⟨μ, x⟩. Along its paths ⟨μ, x⟩ = tanh(κt + c), and so the
     * density grows by the factor (cosh(κt + c) / cosh c)^{d−1}.
     */
    @ParameterizedTest
    @MethodSource("methods")
    void isExactOnAGradientFlowOfTheSphere(ButcherTableau method) {
        double kappa = 0.7;
        NDArray mu = manager.create(new double[] {0, 0, 0, 0, 1}, new Shape(1, 5));
        NDArray x = SPHERE.projx(gaussian(4, 6, 5));
        double[] end = x.get(":, 4").toDoubleArray();
        double[] found = change(SPHERE, method, (p, t) -> SPHERE.proju(p, mu).mul(kappa), x, this::basis, 60);
        for (int i = 0; i < end.length; i++) {
            double at = 0.5 * Math.log((1 + end[i]) / (1 - end[i]));
            double expected = 4 * Math.log(Math.cosh(at) / Math.cosh(at - kappa));
            assertThat(found[i]).isCloseTo(expected, within(1e-3));
        }
    }

    /**
     * The flow x → exp(A) x / ‖exp(A) x‖ of the sphere takes the uniform distribution to the angular central Gaussian
     * (Tyler, Biometrika 74, 1987), with density factor |det exp(−A)| ‖exp(−A) x‖^{−d}; a plane beside it that shrinks by e.
     */
    @Test
    void isExactOnALinearFlowOfAProduct() {
        Manifold product = new ProductManifold(List.of(new Factor(SPHERE, 0, 1, 4), new Factor(FLAT, 4, 1, 2)));
        NDArray a = manager.create(A, new Shape(4, 4)).transpose();
        NDArray inverse = manager.create(EXP_MINUS_A, new Shape(4, 4)).transpose();
        VelocityField field = (x, t) ->
                product.proju(x, x.get(":, :4").matMul(a).concat(x.get(":, 4:").neg(), 1));
        NDArray x = product.projx(gaussian(5, 6, 6));
        double[] length =
                x.get(":, :4").matMul(inverse).norm(new int[] {1}, false).toDoubleArray();
        double[] found = change(product, field, x, this::basis);
        double[] estimated = change(product, ButcherTableau.RK4, field, x, (p, seed) -> many(p, seed), 20);
        for (int i = 0; i < length.length; i++) {
            double expected = -0.5 - 4 * Math.log(length[i]) + 2;
            assertThat(found[i]).isCloseTo(expected, within(1e-5));
            assertThat(estimated[i]).isCloseTo(expected, within(0.35));
        }
    }

    @Test
    void nothingNativeIsLeft() {
        NDArray a = manager.create(A, new Shape(4, 4)).transpose();
        NDArray x = gaussian(6, 5, 4);
        Probes probes = basis(x, new Seed(1));
        int before = manager.getManagedArrays().size();
        new ChangeOfVariables(FLAT, ButcherTableau.RK4).backwards((p, t) -> p.matMul(a), x, 1, 3, probes);
        int few = manager.getManagedArrays().size() - before;
        new ChangeOfVariables(FLAT, ButcherTableau.RK4).backwards((p, t) -> p.matMul(a), x, 1, 30, probes);
        assertThat(manager.getManagedArrays().size() - before).isEqualTo(2 * few);
    }

    @Test
    void bitsPerDimensionAreMinusTheBinaryLogarithm() {
        LogLikelihood found = LogLikelihood.ofEstimates(new double[][] {{-1, -3}, {4, 4}}, 2);
        assertThat(found.value()).containsExactly(-2, 4);
        assertThat(found.standardError()).containsExactly(1, 0);
        assertThat(found.bitsPerDimension())
                .containsExactly(new double[] {1 / Math.log(2), -2 / Math.log(2)}, within(1e-12));
    }

    private double[] change(
            Manifold manifold, VelocityField field, NDArray x, BiFunction<NDArray, Seed, Probes> probes) {
        return change(manifold, ButcherTableau.RK4, field, x, probes, 40);
    }

    // log p1(x1) − log p0(x0), the mean over probes.
    private double[] change(
            Manifold manifold,
            ButcherTableau method,
            VelocityField field,
            NDArray x,
            BiFunction<NDArray, Seed, Probes> probes,
            int steps) {
        Origin origin =
                new ChangeOfVariables(manifold, method).backwards(field, x, 1, steps, probes.apply(x, new Seed(8)));
        return origin.logRatio().mean(new int[] {1}).toDoubleArray();
    }

    private double[] logDensities(
            Manifold manifold,
            ButcherTableau method,
            VelocityField field,
            NDArray x,
            double end,
            int steps,
            BiFunction<NDArray, Seed, Probes> probes) {
        return LogLikelihood.ofEstimates(estimates(manifold, method, field, x, end, steps, probes), 1)
                .value();
    }

    private double[][] estimates(
            Manifold manifold,
            ButcherTableau method,
            VelocityField field,
            NDArray x,
            double end,
            int steps,
            BiFunction<NDArray, Seed, Probes> probes) {
        Origin origin =
                new ChangeOfVariables(manifold, method).backwards(field, x, end, steps, probes.apply(x, new Seed(8)));
        double[] source = logGaussian(origin.x0(), 1);
        double[] ratio = origin.logRatio().toType(DataType.FLOAT64, true).toDoubleArray();
        int k = ratio.length / source.length;
        double[][] out = new double[source.length][k];
        for (int i = 0; i < ratio.length; i++) {
            out[i / k][i % k] = source[i / k] + ratio[i];
        }
        return out;
    }

    private static double[] logGaussian(NDArray x, double variance) {
        double[] squares = x.square().sum(new int[] {1}).toDoubleArray();
        double[] out = new double[squares.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = -squares[i] / (2 * variance) - x.getShape().get(1) * Math.log(2 * Math.PI * variance) / 2;
        }
        return out;
    }

    private Probes rademacher(NDArray x, Seed seed) {
        return asDouble(Probes.rademacher(manager, x.getShape(), 8, seed));
    }

    private Probes gaussianProbes(NDArray x, Seed seed) {
        return asDouble(Probes.gaussian(manager, x.getShape(), 8, seed));
    }

    private Probes many(NDArray x, Seed seed) {
        return asDouble(Probes.rademacher(manager, x.getShape(), 400, seed));
    }

    private Probes basis(NDArray x, Seed seed) {
        return asDouble(Probes.basis(manager, x.getShape()));
    }

    private static Probes asDouble(Probes probes) {
        return new Probes(
                probes.vectors().stream()
                        .map(v -> v.toType(DataType.FLOAT64, true))
                        .toList(),
                probes.isBasis());
    }

    private NDArray gaussian(long seed, int n, int size) {
        double[] values = new double[n * size];
        float[] floats = new Seed(seed).gaussian(values.length);
        for (int i = 0; i < values.length; i++) {
            values[i] = floats[i];
        }
        return manager.create(values, new Shape(n, size));
    }

    private static double[] constant(int n, double value) {
        double[] out = new double[n];
        Arrays.fill(out, value);
        return out;
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance) {
        assertThat(actual).containsExactly(expected, within(tolerance));
    }
}
