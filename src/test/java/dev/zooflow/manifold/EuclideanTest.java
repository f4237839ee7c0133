package dev.zooflow.manifold;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class EuclideanTest extends ManifoldContract {

    @Override
    Manifold manifold() {
        return new Euclidean();
    }

    @Override
    int size() {
        return 4;
    }

    @Test
    void distanceOfTheThreeFourFiveTriangle() {
        NDArray x = manager.create(new float[] {1, 1}, new Shape(1, 2));
        NDArray y = manager.create(new float[] {4, 5}, new Shape(1, 2));
        assertThat(manifold().dist(x, y).getFloat(0)).isEqualTo(5f);
        assertThat(manifold().logmap(x, y).toFloatArray()).containsExactly(3f, 4f);
    }
}
