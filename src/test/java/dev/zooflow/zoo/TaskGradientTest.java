package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Split;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import org.junit.jupiter.api.Test;

final class TaskGradientTest {

    private static final Architecture SMALL = Architecture.relu(3, 5, 2);
    private static final Split ONE = new Split(new float[] {0.5f, -1, 2}, new int[] {1}, 3);

    @Test
    void isTheSlopeOfTheCrossEntropy() {
        LayerLayout layout = LayerLayout.of(SMALL);
        try (NDManager manager = Torch.manager();
                TaskGradient task = new TaskGradient(SMALL, ONE, 4, new Seed(1))) {
            NDArray theta = manager.create(new Seed(2).gaussian(2 * layout.size()), new Shape(2, layout.size()));
            NDArray x = manager.create(ONE.x(), new Shape(1, 3));
            float[] g = task.gradient(theta, 0).toFloatArray();
            for (int k = 0; k < g.length; k++) {
                double slope = (loss(layout, theta, x, k, 1e-2f) - loss(layout, theta, x, k, -1e-2f)) / 2e-2;
                assertThat((double) g[k]).as("parameter %d", k).isCloseTo(slope, within(2e-3));
            }
        }
    }

    // The sum over networks of −log p(class 1).
    private static double loss(LayerLayout layout, NDArray theta, NDArray x, int k, float by) {
        float[] moved = theta.toFloatArray();
        moved[k] += by;
        NDArray logP = Mlp.logits(layout, theta.getManager().create(moved, theta.getShape()), x)
                .logSoftmax(2);
        return -logP.get(":, :, 1").sum().getFloat();
    }

    @Test
    void everyStepAndEveryNetworkHasItsOwnMiniBatch() {
        Split split = new Split(
                new Seed(3).gaussian(60), new int[] {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1}, 3);
        try (NDManager manager = Torch.manager();
                TaskGradient task = new TaskGradient(SMALL, split, 4, new Seed(1))) {
            NDArray one = manager.create(new Seed(2).gaussian(SMALL.parameters()), new Shape(1, SMALL.parameters()));
            NDArray twice = one.concat(one, 0);
            float[] g = task.gradient(twice, 0).toFloatArray();
            assertThat(task.gradient(twice, 0).toFloatArray()).isEqualTo(g);
            assertThat(task.gradient(twice, 1).toFloatArray()).isNotEqualTo(g);
            assertThat(task.gradient(twice, 0).get("0").toFloatArray())
                    .isNotEqualTo(task.gradient(twice, 0).get("1").toFloatArray());
        }
    }
}
