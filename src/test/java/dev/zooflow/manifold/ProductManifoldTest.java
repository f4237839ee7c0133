package dev.zooflow.manifold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.manifold.ProductManifold.Factor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductManifoldTest extends ManifoldContract {

    private static final Sphere SPHERE = new Sphere();
    private static final Euclidean FLAT = new Euclidean();

    // Two S^2, R^2, one S^3 and three S^1.
    private static final ProductManifold PRODUCT = new ProductManifold(List.of(
            new Factor(SPHERE, 0, 2, 3),
            new Factor(FLAT, 6, 1, 2),
            new Factor(SPHERE, 8, 1, 4),
            new Factor(SPHERE, 12, 3, 2)));

    @Override
    Manifold manifold() {
        return PRODUCT;
    }

    @Override
    int size() {
        return 18;
    }

    @Test
    void copiesOfAFactorAreIndependent() {
        NDArray x = points(1, "x");
        NDArray u = PRODUCT.proju(x, gaussian(1, "u"));
        NDArray y = PRODUCT.expmap(x, u);
        assertClose(y.get(":, 3:6"), SPHERE.expmap(x.get(":, 3:6"), u.get(":, 3:6")), 1e-14);
        assertClose(y.get(":, 6:8"), x.get(":, 6:8").add(u.get(":, 6:8")), 1e-14);
        assertClose(y.get(":, 16:18"), SPHERE.expmap(x.get(":, 16:18"), u.get(":, 16:18")), 1e-14);
    }

    // Closed form: a quarter circle on S^1 and 2 units in R: sqrt((π/2)² + 2²).
    @Test
    void squaredDistancesOfFactorsAdd() {
        Manifold cylinder = new ProductManifold(List.of(new Factor(SPHERE, 0, 1, 2), new Factor(FLAT, 2, 1, 1)));
        NDArray x = manager.create(new double[] {1, 0, 0}, new Shape(1, 3));
        NDArray y = manager.create(new double[] {0, 1, 2}, new Shape(1, 3));
        assertThat(cylinder.dist(x, y).getDouble(0)).isCloseTo(Math.hypot(Math.PI / 2, 2), within(1e-14));
    }

    @Test
    void fanInOneStaysWhereItIs() {
        Manifold twoPoints = new ProductManifold(List.of(new Factor(SPHERE, 0, 4, 1), new Factor(FLAT, 4, 4, 1)));
        NDArray x = manager.create(new float[] {1, -1, 1, -1, 0, 0, 0, 0}, new Shape(1, 8));
        NDArray y = manager.create(new float[] {1, 1, -1, -1, 1, 2, 3, 4}, new Shape(1, 8));
        assertThat(twoPoints.logmap(x, y).toFloatArray()).containsExactly(0, 0, 0, 0, 1, 2, 3, 4);
        assertThat(finite(gradient(x, p -> twoPoints.dist(p, y).sum()))).isTrue();
    }

    @Test
    void factorsMustTileThePoint() {
        assertThatThrownBy(() -> new ProductManifold(List.of(new Factor(FLAT, 0, 1, 2), new Factor(FLAT, 3, 1, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must begin at 2");
        assertThatThrownBy(() -> new ProductManifold(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void pointsOfAnotherSizeAreRefused() {
        NDArray x = manager.create(new float[17], new Shape(1, 17));
        assertThatThrownBy(() -> PRODUCT.projx(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("18 coordinates");
    }
}
