package dev.zooflow.rebasin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalFormTest {

    private static final LayerLayout UNEQUAL = LayerLayout.of(Architecture.relu(7, 5, 9, 4, 3));
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    // By hand: row (3, 4) has norm 5, so it becomes (0.6, 0.8), its bias 10/5, its outgoing weight 2·5 = ‖W_L‖.
    @Test
    void threeFourFive() {
        CanonicalForm form = new CanonicalForm(LayerLayout.of(Architecture.relu(2, 1, 1)), true);
        NDArray theta = manager.create(new float[] {3, 4, 10, 2, 5}, new Shape(1, 5));
        assertThat(form.encode(theta).toFloatArray())
                .containsExactly(new float[] {0.6f, 0.8f, 2, 1, 0.5f, (float) Math.log(10)}, within(1e-6f));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void rowsAndTheLastLayerAreUnitVectors(long seed) {
        NDArray z = new CanonicalForm(UNEQUAL, true).encode(gaussian(UNEQUAL, seed, 4));
        for (Layer layer : UNEQUAL.hiddenLayers()) {
            NDArray rows =
                    z.get(":, {}:{}", layer.weightOffset(), layer.biasOffset()).reshape(-1, layer.fanIn());
            assertThat(largest(rows.norm(new int[] {1}).sub(1))).isLessThan(1e-6);
        }
        Layer last = UNEQUAL.last();
        NDArray weights = z.get(":, {}:{}", last.weightOffset(), last.biasOffset());
        assertThat(largest(weights.norm(new int[] {1}).sub(1))).isLessThan(1e-6);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void keptTemperatureRestoresTheFunction(long seed) {
        NDArray theta = gaussian(UNEQUAL, seed, 4);
        CanonicalForm form = new CanonicalForm(UNEQUAL, true);
        NDArray back = form.decode(form.encode(theta));
        assertThat(back.getShape()).isEqualTo(theta.getShape());
        assertThat(largest(back.sub(theta))).isGreaterThan(0.1);
        assertSameFunction(UNEQUAL, theta, back);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void unitTemperatureDividesTheLogitsByTheTemperature(long seed) {
        NDArray theta = gaussian(UNEQUAL, seed, 4);
        CanonicalForm unit = new CanonicalForm(UNEQUAL, false);
        NDArray x = inputs(7);
        NDArray logits = Mlp.logits(UNEQUAL, unit.decode(unit.encode(theta)), x);
        NDArray temperature = new CanonicalForm(UNEQUAL, true)
                .encode(theta)
                .get(":, {}:", UNEQUAL.size())
                .exp()
                .reshape(4, 1, 1);
        assertThat(relativeDifference(logits.mul(temperature), Mlp.logits(UNEQUAL, theta, x)))
                .isLessThan(1e-5);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void formIsInvariantUnderScaling(long seed) {
        NDArray theta = gaussian(UNEQUAL, seed, 4);
        NDArray scaled = RandomSymmetry.scaling(UNEQUAL, 4, new Seed(seed)).apply(UNEQUAL, theta);
        CanonicalForm form = new CanonicalForm(UNEQUAL, true);
        assertThat(relativeDifference(form.encode(scaled), form.encode(theta))).isLessThan(1e-5);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void formCommutesWithPermutations(long seed) {
        NDArray theta = gaussian(UNEQUAL, seed, 4);
        Permutations p = RandomSymmetry.permutations(UNEQUAL, 4, new Seed(seed));
        CanonicalForm form = new CanonicalForm(UNEQUAL, false);
        NDArray left = form.encode(p.apply(UNEQUAL, theta));
        NDArray right = p.apply(UNEQUAL, form.encode(theta));
        assertThat(relativeDifference(left, right)).isLessThan(1e-5);
    }

    @Test
    void encodingCanonicalWeightsChangesNothing() {
        CanonicalForm form = new CanonicalForm(UNEQUAL, true);
        NDArray z = form.encode(gaussian(UNEQUAL, 4, 3));
        assertThat(largest(form.encode(form.decode(z)).sub(z))).isLessThan(1e-5);
    }

    @Test
    void deadNeuronSurvivesTheRoundTrip() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(3, 4, 2));
        NDArray theta = gaussian(layout, 5, 2);
        // Neuron 1 of network 0 reads nothing: only its bias is left.
        theta.set(new NDIndex("0, 3:6"), 0f);
        CanonicalForm form = new CanonicalForm(layout, true);
        NDArray z = form.encode(theta);
        assertThat(z.isNaN().any().getBoolean()).isFalse();
        assertThat(z.get("0, 3:6").toFloatArray()).containsOnly(0f);
        assertSameFunction(layout, theta, form.decode(z));
        assertThat(gradientIsFinite(form, theta)).isTrue();
    }

    @Test
    void networkOfZerosSurvivesTheRoundTrip() {
        CanonicalForm form = new CanonicalForm(UNEQUAL, true);
        NDArray zeros = manager.zeros(new Shape(2, UNEQUAL.size()));
        assertThat(form.decode(form.encode(zeros)).toFloatArray()).containsOnly(0f);
        assertThat(gradientIsFinite(form, zeros)).isTrue();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void fanInOneKeepsTheSignOfEachWeight(long seed) {
        LayerLayout layout = LayerLayout.of(Architecture.relu(1, 4, 2));
        NDArray theta = gaussian(layout, seed, 3);
        CanonicalForm form = new CanonicalForm(layout, true);
        NDArray z = form.encode(theta);
        assertThat(z.get(":, 0:4")).isEqualTo(theta.get(":, 0:4").sign());
        assertSameFunction(layout, theta, form.decode(z));
    }

    @Test
    void networkWithoutHiddenLayersHasOnlyItsTemperature() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(3, 2));
        NDArray theta = gaussian(layout, 1, 2);
        CanonicalForm form = new CanonicalForm(layout, true);
        assertThat(largest(form.decode(form.encode(theta)).sub(theta))).isLessThan(1e-6);
    }

    @Test
    void otherActivationsAreRefused() {
        LayerLayout layout = LayerLayout.of(new Architecture(List.of(2, 3, 1), Activation.TANH));
        assertThatThrownBy(() -> new CanonicalForm(layout, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("TANH");
    }

    private static boolean gradientIsFinite(CanonicalForm form, NDArray theta) {
        theta.setRequiresGradient(true);
        try (GradientCollector collector = Torch.engine().newGradientCollector()) {
            collector.backward(form.decode(form.encode(theta)).square().sum());
        }
        NDArray gradient = theta.getGradient();
        return !gradient.isNaN().any().getBoolean()
                && !gradient.isInfinite().any().getBoolean();
    }

    private void assertSameFunction(LayerLayout layout, NDArray a, NDArray b) {
        NDArray x = inputs(layout.architecture().inputs());
        assertThat(relativeDifference(Mlp.logits(layout, a, x), Mlp.logits(layout, b, x)))
                .isLessThan(1e-5);
    }

    private NDArray inputs(int features) {
        return manager.create(new Seed(77).gaussian(10 * features), new Shape(10, features));
    }

    private NDArray gaussian(LayerLayout layout, long seed, int n) {
        return manager.create(new Seed(seed).gaussian(n * layout.size()), new Shape(n, layout.size()));
    }

    private static double relativeDifference(NDArray a, NDArray b) {
        return largest(a.sub(b)) / (largest(b) + 1e-12);
    }

    private static double largest(NDArray a) {
        return a.abs().max().getFloat();
    }
}
