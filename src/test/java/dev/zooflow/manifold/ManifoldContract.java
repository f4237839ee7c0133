package dev.zooflow.manifold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Laws that every manifold keeps, on random points in double precision. */
abstract class ManifoldContract {

    private static final int N = 20;
    private static final double TOLERANCE = 1e-9;

    final NDManager manager = Torch.manager();

    abstract Manifold manifold();

    /** Coordinates of one flat point. */
    abstract int size();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void expOfLogIsTheIdentity(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        assertClose(manifold().expmap(x, manifold().logmap(x, y)), y, TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void logOfExpIsTheIdentityWithinTheInjectivityRadius(long seed) {
        NDArray x = points(seed, "x");
        for (double length : new double[] {1e-12, 1e-5, 1, 3.1}) {
            NDArray u = tangents(seed, x, length);
            assertClose(manifold().logmap(x, manifold().expmap(x, u)), u, TOLERANCE);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void ambientLogIsTheLogOnTheManifoldAndTangentOffIt(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        assertClose(manifold().ambientLogmap(x, y), manifold().logmap(x, y), TOLERANCE);
        NDArray off = manifold().ambientLogmap(x, y.mul(0.5));
        assertClose(manifold().proju(x, off), off, TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void distanceAlongAGeodesicIsTheNormOfItsVelocity(long seed) {
        NDArray x = points(seed, "x");
        for (double length : new double[] {1e-9, 1e-3, 1, 3.1}) {
            NDArray u = tangents(seed, x, length);
            NDArray dist = manifold().dist(x, manifold().expmap(x, u));
            assertThat(dist.getShape()).isEqualTo(new Shape(N));
            assertClose(dist, manifold().norm(x, u), TOLERANCE);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void geodesicsHaveConstantSpeed(long seed) {
        NDArray x = points(seed, "x");
        NDArray u = tangents(seed, x, 3);
        for (double t : new double[] {0.1, 0.5, 0.9}) {
            NDArray xt = manifold().expmap(x, u.mul(t));
            assertClose(manifold().dist(x, xt), manifold().norm(x, u).mul(t), TOLERANCE);
            assertClose(
                    manifold().dist(xt, manifold().expmap(x, u)),
                    manifold().norm(x, u).mul(1 - t),
                    TOLERANCE);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void distanceIsASymmetricMetric(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        NDArray z = points(seed, "z");
        NDArray xy = manifold().dist(x, y);
        assertClose(xy, manifold().dist(y, x), TOLERANCE);
        assertClose(manifold().dist(x, x), xy.zerosLike(), TOLERANCE);
        NDArray detour = manifold().dist(x, z).add(manifold().dist(z, y));
        assertThat(min(detour.sub(xy))).isGreaterThan(-TOLERANCE);
        assertClose(manifold().squaredDist(x, y), xy.square(), TOLERANCE);
    }

    @Test
    void pairwiseDistancesAreThoseOfEachPair() {
        NDArray x = points(1, "x");
        NDArray y = points(1, "y").get("0:7");
        NDArray pairwise = manifold().pairwiseSquaredDist(x.expandDims(1), y.expandDims(1));
        assertClose(pairwise, manifold().squaredDist(x.expandDims(1), y.expandDims(0)), 1e-7);
    }

    @Test
    void pairwiseDistancesAddTheCopies() {
        NDArray x = points(1, "x").reshape(N / 2, 2, size());
        NDArray y = points(1, "y").reshape(N / 2, 2, size());
        NDArray expected =
                manifold().squaredDist(x.expandDims(1), y.expandDims(0)).sum(new int[] {2});
        assertClose(manifold().pairwiseSquaredDist(x, y), expected, 1e-7);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void projectionToTheTangentSpaceIsIdempotentAndSelfAdjoint(long seed) {
        NDArray x = points(seed, "x");
        NDArray a = gaussian(seed, "a");
        NDArray b = gaussian(seed, "b");
        NDArray pa = manifold().proju(x, a);
        assertClose(manifold().proju(x, pa), pa, TOLERANCE);
        NDArray left = pa.mul(b).sum(Axes.LAST);
        NDArray right = a.mul(manifold().proju(x, b)).sum(Axes.LAST);
        assertClose(left, right, TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void expAndLogStayOnTheManifoldAndInTheTangentSpace(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = manifold().expmap(x, tangents(seed, x, 5));
        assertClose(manifold().projx(y), y, TOLERANCE);
        NDArray log = manifold().logmap(x, y);
        assertClose(manifold().proju(x, log), log, TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void projectionToTheManifoldIsIdempotent(long seed) {
        NDArray x = manifold().projx(gaussian(seed, "x").mul(7));
        assertClose(manifold().projx(x), x, TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void transportIsAnIsometryOfTangentSpaces(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        NDArray u = manifold().proju(x, gaussian(seed, "u"));
        NDArray v = manifold().proju(x, gaussian(seed, "v"));
        NDArray tu = manifold().transp(x, y, u);
        NDArray tv = manifold().transp(x, y, v);
        assertClose(manifold().inner(y, tu, tv), manifold().inner(x, u, v), TOLERANCE);
        assertClose(manifold().proju(y, tu), tu, TOLERANCE);
        assertClose(manifold().transp(y, x, tu), u, TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void transportCarriesTheVelocityOfItsGeodesic(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        NDArray arriving = manifold().transp(x, y, manifold().logmap(x, y));
        assertClose(arriving, manifold().logmap(y, x).neg(), TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void inverseDifferentialOfExpUndoesItsDerivative(long seed) {
        NDArray x = points(seed, "x");
        NDArray w = manifold().proju(x, gaussian(seed, "w"));
        double h = 1e-6;
        for (double length : new double[] {0, 1e-9, 0.3, 1.5, 2.8}) {
            NDArray u = tangents(seed, x, length);
            NDArray ahead = manifold().expmap(x, u.add(w.mul(h)));
            NDArray behind = manifold().expmap(x, u.sub(w.mul(h)));
            NDArray v = ahead.sub(behind).div(2 * h);
            assertClose(manifold().dexpInverse(x, u, v), w, 1e-7);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void innerProductAndNormAgree(long seed) {
        NDArray x = points(seed, "x");
        NDArray u = manifold().proju(x, gaussian(seed, "u"));
        assertClose(manifold().inner(x, u, u), manifold().norm(x, u).square(), TOLERANCE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void riemannianGradientOfHalfTheSquaredDistanceIsMinusTheLog(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        NDArray gradient =
                gradient(x, p -> manifold().squaredDist(p, y).mul(0.5).sum());
        NDArray expected = manifold().logmap(x, y).neg();
        assertClose(manifold().egrad2rgrad(x, gradient), expected, 1e-8);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void gradientsAgreeWithFiniteDifferences(long seed) {
        NDArray x = points(seed, "x");
        NDArray y = points(seed, "y");
        NDArray weights = gaussian(seed, "weights");
        NDArray u = tangents(seed, x, 1.5);
        assertDerivative(u, p -> manifold().expmap(x, p).mul(weights).sum());
        assertDerivative(u, p -> manifold().norm(x, p).sum());
        assertDerivative(y, p -> manifold().logmap(x, p).mul(weights).sum());
        assertDerivative(x, p -> manifold().logmap(p, y).mul(weights).sum());
        assertDerivative(x, p -> manifold().dist(p, y).sum());
        assertDerivative(x, p -> manifold().transp(p, y, u).mul(weights).sum());
        assertDerivative(x, p -> manifold().projx(p.mul(2)).mul(weights).sum());
    }

    @Test
    void valuesAndGradientsAreFiniteWherePointsMeetOrOppose() {
        NDArray x = points(1, "x");
        for (DataType type : new DataType[] {DataType.FLOAT64, DataType.FLOAT32}) {
            for (double offset : new double[] {0, 1e-30, 1e-16, 1e-8, 1e-6, 1e-4}) {
                NDArray near = x.add(gaussian(1, "offset").mul(offset));
                assertFinite(x.toType(type, true), near.toType(type, true));
                assertFinite(x.toType(type, true), near.neg().toType(type, true));
                assertFinite(x.toType(type, true), gaussian(1, "u").mul(offset).toType(type, true));
            }
        }
    }

    @Test
    void singlePrecisionLosesOnlyRounding() {
        NDArray x = points(4, "x").toType(DataType.FLOAT32, true);
        NDArray y = points(4, "y").toType(DataType.FLOAT32, true);
        assertClose(manifold().expmap(x, manifold().logmap(x, y)), y, 1e-5);
        NDArray near = manifold().projx(x.add(gaussian(4, "d").mul(1e-4).toType(DataType.FLOAT32, true)));
        NDArray log = manifold().logmap(x, near);
        assertClose(manifold().norm(x, log), manifold().dist(x, near), 1e-6);
    }

    @Test
    void leadingAxesBroadcast() {
        NDArray x = points(5, "x").reshape(4, 5, size());
        NDArray y = points(5, "y").get("0:5");
        assertThat(manifold().logmap(x, y).getShape()).isEqualTo(new Shape(4, 5, size()));
        assertThat(manifold().dist(x, y).getShape()).isEqualTo(new Shape(4, 5));
        assertClose(manifold().dist(x, y).get(2), manifold().dist(x.get(2), y), TOLERANCE);
    }

    private void assertFinite(NDArray x, NDArray y) {
        for (Law law : Law.values()) {
            NDArray value = law.apply(manifold(), x, y);
            assertThat(finite(value)).as("%s %s", law, value.getDataType()).isTrue();
            NDArray byX = gradient(x, p -> law.apply(manifold(), p, y).sum());
            NDArray byY = gradient(y, p -> law.apply(manifold(), x, p).sum());
            assertThat(finite(byX)).as("%s by x, %s", law, byX.getDataType()).isTrue();
            assertThat(finite(byY)).as("%s by y, %s", law, byY.getDataType()).isTrue();
        }
    }

    private enum Law {
        EXPMAP,
        LOGMAP,
        DIST,
        SQUARED_DIST,
        NORM,
        PROJX,
        PROJU,
        TRANSP,
        DEXP_INVERSE;

        // The sum over both arguments keeps each of them in the graph.
        NDArray apply(Manifold manifold, NDArray x, NDArray y) {
            NDArray both = x.add(y).mul(0.5f);
            return switch (this) {
                case EXPMAP -> manifold.expmap(x, y);
                case LOGMAP -> manifold.logmap(x, y);
                case DIST -> manifold.dist(x, y);
                case SQUARED_DIST -> manifold.squaredDist(x, y);
                case NORM -> manifold.norm(x, both);
                case PROJX -> manifold.projx(both);
                case PROJU -> manifold.proju(x, y).add(both);
                case TRANSP -> manifold.transp(x, y, both);
                case DEXP_INVERSE -> manifold.dexpInverse(x, y, both);
            };
        }
    }

    private void assertDerivative(NDArray at, UnaryOperator<NDArray> f) {
        NDArray direction = gaussian(99, "direction");
        double h = 1e-6;
        double plus = f.apply(at.add(direction.mul(h))).getDouble();
        double minus = f.apply(at.sub(direction.mul(h))).getDouble();
        double expected = (plus - minus) / (2 * h);
        double actual = gradient(at, f).mul(direction).sum().getDouble();
        assertThat(actual).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
    }

    NDArray gradient(NDArray at, UnaryOperator<NDArray> f) {
        NDArray p = at.duplicate();
        p.setRequiresGradient(true);
        try (GradientCollector collector = Torch.engine().newGradientCollector()) {
            // The added zero makes operations that ignore p differentiable too.
            collector.backward(f.apply(p).add(p.mul(0).sum()));
        }
        NDArray gradient = p.getGradient().duplicate();
        p.setRequiresGradient(false);
        return gradient;
    }

    NDArray points(long seed, String name) {
        return manifold().projx(gaussian(seed, name));
    }

    private NDArray tangents(long seed, NDArray x, double length) {
        NDArray u = manifold().proju(x, gaussian(seed, "tangents"));
        return u.div(manifold().norm(x, u).expandDims(-1)).mul(length);
    }

    NDArray gaussian(long seed, String name) {
        RandomGenerator random = new Seed(seed).child(name).generator();
        double[] values = random.doubles(N * (long) size())
                .map(u -> random.nextGaussian())
                .toArray();
        return manager.create(values, new Shape(N, size()));
    }

    static boolean finite(NDArray a) {
        for (Number v : a.toArray()) {
            if (!Double.isFinite(v.doubleValue())) {
                return false;
            }
        }
        return true;
    }

    static double min(NDArray a) {
        return a.min().toArray()[0].doubleValue();
    }

    static void assertClose(NDArray actual, NDArray expected, double tolerance) {
        assertThat(actual.getShape()).isEqualTo(expected.getShape());
        assertThat(finite(actual)).isTrue();
        assertThat(min(actual.sub(expected).abs().neg())).isGreaterThan(-tolerance);
    }
}
