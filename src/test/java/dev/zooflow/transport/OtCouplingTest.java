package dev.zooflow.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.manifold.Euclidean;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.manifold.ProductManifold;
import dev.zooflow.manifold.ProductManifold.Factor;
import dev.zooflow.manifold.Sphere;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OtCouplingTest {

    private static final Manifold PRODUCT =
            new ProductManifold(List.of(new Factor(new Sphere(), 0, 2, 3), new Factor(new Euclidean(), 6, 1, 2)));

    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void movedPointsFindTheirOrigin(long seed) {
        NDArray x1 = PRODUCT.projx(gaussian(seed, 5, 8));
        int[] order = {3, 0, 4, 1, 2};
        NDArray x0 = PRODUCT.projx(
                x1.get(manager.create(order)).add(gaussian(seed + 100, 5, 8).mul(0.01f)));
        assertThat(OtCoupling.pair(PRODUCT, x0, x1)).isEqualTo(order);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void pairingIsTheCheapestOfAllPermutations(long seed) {
        NDArray x0 = PRODUCT.projx(gaussian(seed, 6, 8));
        NDArray x1 = PRODUCT.projx(gaussian(seed + 100, 6, 8));
        float[] cost = PRODUCT.squaredDist(x0.expandDims(1), x1.expandDims(0)).toFloatArray();
        assertThat(OtCoupling.pair(PRODUCT, x0, x1)).isEqualTo(LinearAssignment.minimise(cost, 6));
    }

    // Angles 0, 1 against 2.1, 3.1. Arcs: 2.1² + 2.1² = 8.82 in order, 3.1² + 1.1² = 10.82 crossed. Squared chords,
    // 2 − 2 cos: 6.02 in order, 5.09 crossed.
    @Test
    void geodesicAndEuclideanCostCanDisagree() {
        NDArray x0 = manager.create(onCircle(0, 1), new Shape(2, 2));
        NDArray x1 = manager.create(onCircle(2.1, 3.1), new Shape(2, 2));
        assertThat(OtCoupling.pair(new Sphere(), x0, x1)).containsExactly(0, 1);
        assertThat(OtCoupling.pair(new Euclidean(), x0, x1)).containsExactly(1, 0);
    }

    @Test
    void callersArraysStayOpenAndNothingIsLeftBehind() {
        NDArray x0 = gaussian(1, 4, 3);
        int before = manager.getManagedArrays().size();
        OtCoupling.pair(new Euclidean(), x0, x0);
        assertThat(manager.getManagedArrays()).hasSize(before);
        assertThat(x0.isReleased()).isFalse();
    }

    @Test
    void setsOfDifferentSizeAreRefused() {
        NDArray x0 = gaussian(1, 4, 3);
        NDArray x1 = gaussian(2, 5, 3);
        assertThatThrownBy(() -> OtCoupling.pair(new Euclidean(), x0, x1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("4 sources");
    }

    private static float[] onCircle(double a, double b) {
        return new float[] {(float) Math.cos(a), (float) Math.sin(a), (float) Math.cos(b), (float) Math.sin(b)};
    }

    private NDArray gaussian(long seed, int rows, int columns) {
        return manager.create(new Seed(seed).gaussian(rows * columns), new Shape(rows, columns));
    }
}
