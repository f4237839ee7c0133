package dev.zooflow.manifold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Torch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SphereTest {

    @Nested
    class Circle extends ManifoldContract {
        @Override
        Manifold manifold() {
            return new Sphere();
        }

        @Override
        int size() {
            return 2;
        }
    }

    @Nested
    class HighDimensional extends ManifoldContract {
        @Override
        Manifold manifold() {
            return new Sphere();
        }

        @Override
        int size() {
            return 64;
        }
    }

    @Nested
    class OrdinarySphere extends ManifoldContract {
        @Override
        Manifold manifold() {
            return new Sphere();
        }

        @Override
        int size() {
            return 3;
        }

        // Closed form: the north pole and the point of latitude 60° on the meridian of 30°.
        @Test
        void ambientLogIsLinearInTheLengthOfItsPoint() {
            NDArray x = manager.create(new double[] {1, 0, 0}, new Shape(1, 3));
            NDArray y = manager.create(new double[] {0, 0.25, 0}, new Shape(1, 3));
            assertThat(new Sphere().ambientLogmap(x, y).toDoubleArray())
                    .containsExactly(new double[] {0, 0.25 * Math.PI / 2, 0}, within(1e-12));
        }

        @Test
        void logFromTheNorthPolePointsAlongTheMeridian() {
            double polar = Math.PI / 6;
            double meridian = Math.PI / 6;
            NDArray x = point(0, 0, 1);
            NDArray y =
                    point(Math.sin(polar) * Math.cos(meridian), Math.sin(polar) * Math.sin(meridian), Math.cos(polar));
            NDArray expected = point(polar * Math.cos(meridian), polar * Math.sin(meridian), 0);
            assertClose(manifold().logmap(x, y), expected, 1e-14);
            assertClose(manifold().expmap(x, expected), y, 1e-14);
            assertThat(manifold().dist(x, y).getDouble(0)).isCloseTo(polar, within(1e-14));
        }

        // Closed form: along the equator a meridional vector stays meridional, an equatorial one turns with it.
        @Test
        void transportAlongAQuarterOfTheEquator() {
            NDArray x = point(1, 0, 0);
            NDArray y = point(0, 1, 0);
            assertClose(manifold().transp(x, y, point(0, 0, 1)), point(0, 0, 1), 1e-15);
            assertClose(manifold().transp(x, y, point(0, 1, 0)), point(-1, 0, 0), 1e-15);
        }

        @Test
        void antipodeIsReachedInAFixedDirectionAlongTheSmallestCoordinate() {
            NDArray x = point(0.6, 0, 0.8);
            NDArray y = x.neg();
            NDArray log = manifold().logmap(x, y);
            assertClose(log, point(0, Math.PI, 0), 1e-12);
            assertClose(manifold().expmap(x, log), y, 1e-6);
            assertThat(manifold().dist(x, y).getDouble(0)).isCloseTo(Math.PI, within(1e-14));
            assertThat(manifold().transp(x, y, point(0, 1, 0))).isEqualTo(point(0, 1, 0));
        }

        @Test
        void logNearTheAntipodeIsTheInverseOfExpUpToTheCut() {
            NDArray x = points(3, "x");
            NDArray u = manifold().proju(x, gaussian(3, "u"));
            NDArray unit = u.div(manifold().norm(x, u).expandDims(-1));
            for (double gap : new double[] {1e-3, 1e-5, 1e-7, 0}) {
                NDArray y = manifold().expmap(x, unit.mul(Math.PI - gap));
                NDArray log = manifold().logmap(x, y);
                assertClose(manifold().expmap(x, log), y, 2e-6);
                assertClose(manifold().norm(x, log), manifold().dist(x, y), 1e-6);
            }
        }

        @Test
        void zeroVectorStaysZeroUnderProjection() {
            NDArray zero = point(0, 0, 0);
            assertThat(manifold().projx(zero)).isEqualTo(zero);
            assertThat(finite(gradient(zero, p -> manifold().projx(p).sum()))).isTrue();
            assertThat(finite(manifold().logmap(points(1, "x"), zero))).isTrue();
        }

        private NDArray point(double... coordinates) {
            return manager.create(coordinates, new Shape(1, 3));
        }
    }

    /** S^0: two points, so that most laws of connected manifolds do not apply. */
    @Nested
    class TwoPoints {
        @Test
        void nothingMovesAndNothingBreaks() {
            Manifold sphere = new Sphere();
            try (var manager = Torch.manager()) {
                NDArray x = manager.create(new float[] {1, 1, -1}, new Shape(3, 1));
                NDArray y = manager.create(new float[] {1, -1, -1}, new Shape(3, 1));
                NDArray u = manager.create(new float[] {5, -2, 3}, new Shape(3, 1));
                assertThat(sphere.logmap(x, y).toFloatArray()).containsExactly(0, 0, 0);
                assertThat(sphere.proju(x, u).toFloatArray()).containsExactly(0, 0, 0);
                assertThat(sphere.expmap(x, sphere.proju(x, u))).isEqualTo(x);
                assertThat(sphere.dist(x, y).toFloatArray()).containsExactly(0, (float) Math.PI, 0);
                assertThat(sphere.projx(u).toFloatArray()).containsExactly(1, -1, 1);
                assertThat(sphere.transp(x, y, x.zerosLike())).isEqualTo(x.zerosLike());
            }
        }
    }
}
