package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class BackpropagationTest {

    private static final int NETWORKS = 3;
    private static final int BATCH = 5;

    @ParameterizedTest
    @EnumSource(Activation.class)
    void gradientIsThatOfAutomaticDifferentiation(Activation activation) {
        LayerLayout layout = LayerLayout.of(new Architecture(List.of(4, 6, 3, 2), activation));
        try (NDManager manager = Torch.manager()) {
            NDArray theta = theta(manager, layout);
            Examples batch = batch(manager, 4, 2);
            float[] byHand = new Backpropagation(layout, theta).gradient(batch).toFloatArray();

            NDArray recorded = theta.duplicate();
            recorded.setRequiresGradient(true);
            Autograd.backward(Autograd.record(
                    () -> new Backpropagation(layout, recorded).loss(batch).sum()));

            assertThat(byHand).containsExactly(recorded.getGradient().toFloatArray(), within(1e-6f));
            assertThat(byHand).hasSize(NETWORKS * layout.size());
        }
    }

    @Test
    void gradientIsThatOfFiniteDifferences() {
        LayerLayout layout = LayerLayout.of(new Architecture(List.of(3, 4, 2), Activation.TANH));
        try (NDManager manager = Torch.manager()) {
            NDArray theta = theta(manager, layout);
            Examples batch = batch(manager, 3, 2);
            float[] gradient =
                    new Backpropagation(layout, theta).gradient(batch).toFloatArray();
            float h = 1e-2f;
            for (int k = 0; k < layout.size(); k++) {
                float[] above = shifted(layout, theta, batch, k, h);
                float[] below = shifted(layout, theta, batch, k, -h);
                for (int i = 0; i < NETWORKS; i++) {
                    assertThat((above[i] - below[i]) / (2 * h))
                            .as("network %d, parameter %d", i, k)
                            .isCloseTo(gradient[i * layout.size() + k], within(1e-3f));
                }
            }
        }
    }

    @Test
    void lossOfZeroWeightsIsTheLogarithmOfTheNumberOfClasses() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(4, 3, 5));
        try (NDManager manager = Torch.manager()) {
            NDArray zeros = manager.zeros(new Shape(NETWORKS, layout.size()));
            assertThat(new Backpropagation(layout, zeros)
                            .loss(batch(manager, 4, 5))
                            .toFloatArray())
                    .containsExactly(new float[] {1.609438f, 1.609438f, 1.609438f}, within(1e-6f));
        }
    }

    private static float[] shifted(LayerLayout layout, NDArray theta, Examples batch, int k, float by) {
        float[] values = theta.toFloatArray();
        for (int i = 0; i < NETWORKS; i++) {
            values[i * layout.size() + k] += by;
        }
        NDArray moved = theta.getManager().create(values, theta.getShape());
        return new Backpropagation(layout, moved).loss(batch).toFloatArray();
    }

    private static NDArray theta(NDManager manager, LayerLayout layout) {
        return manager.create(new Seed(1).gaussian(NETWORKS * layout.size()), new Shape(NETWORKS, layout.size()));
    }

    private static Examples batch(NDManager manager, int features, int classes) {
        float[] oneHot = new float[NETWORKS * BATCH * classes];
        for (int i = 0; i < NETWORKS * BATCH; i++) {
            oneHot[i * classes + i % classes] = 1;
        }
        return new Examples(
                manager.create(new Seed(2).gaussian(NETWORKS * BATCH * features), new Shape(NETWORKS, BATCH, features)),
                manager.create(oneHot, new Shape(NETWORKS, BATCH, classes)));
    }
}
