package dev.zooflow.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.experiment.BackboneSpec.Kind;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeuronTransformerTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(4, 5, 3));
    private static final LayerLayout DEEP = LayerLayout.of(Architecture.relu(4, 5, 3, 2));
    private static final int GLOBALS = 1;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void aTokenHoldsIncomingWeightsBiasAndOutgoingWeights() {
        LayerLayout small = LayerLayout.of(Architecture.relu(2, 2, 1));
        NDArray x = Torch.array(manager, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, new Shape(1, 10));
        NeuronTokens tokens = NeuronTokens.of(small, x);
        assertThat(tokens.neurons().get(0).toFloatArray()).containsExactly(1, 2, 5, 7, 3, 4, 6, 8);
        assertThat(tokens.ends().toFloatArray()).containsExactly(9, 10);
        assertThat(tokens.flat(small).toFloatArray()).containsExactly(x.toFloatArray());
    }

    @Test
    void aWeightBetweenHiddenLayersIsTheSumOfBothReadOuts() {
        NDArray x = gaussian(1, 2, DEEP);
        float[] expected = x.toFloatArray();
        LayerLayout.Layer between = DEEP.layers().get(1);
        for (int r = 0; r < 2; r++) {
            for (int i = between.weightOffset(); i < between.biasOffset(); i++) {
                expected[r * (DEEP.size() + GLOBALS) + i] *= 2;
            }
        }
        assertThat(NeuronTokens.of(DEEP, x).flat(DEEP).toFloatArray()).containsExactly(expected);
    }

    @ParameterizedTest(name = "reference {0}, heads {1}, layers {2}")
    @CsvSource({"false,1,1", "false,2,3", "true,4,2"})
    void oneHiddenLayerIsEquivariantUnderPermutations(boolean reference, int heads, int layers) {
        assertThat(equivarianceError(spec(HiddenEmbedding.SHARED, reference, heads, layers)))
                .isLessThan(2e-5);
    }

    @Test
    void embeddingsOfNeuronsAreNotEquivariant() {
        assertThat(equivarianceError(spec(HiddenEmbedding.PER_NEURON, true, 2, 2)))
                .isGreaterThan(1e-3);
    }

    @Test
    void anUntrainedNetworkPredictsZero() {
        Backbone net = net(spec(HiddenEmbedding.SHARED, true, 2, 2), LAYOUT);
        Parameters p =
                new Parameters(manager, net.parameters(), net.parameters().initialValues(new Seed(1)), false);
        assertThat(forward(net, p, LAYOUT, gaussian(1, 2, LAYOUT), gaussian(2, 1, LAYOUT), 0.4f))
                .containsOnly(0f);
    }

    @Test
    void everyOutputDependsOnTimeOnEveryInputAndOnTheReference() {
        Backbone net = net(spec(HiddenEmbedding.SHARED, true, 2, 2), DEEP);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 1, DEEP);
        NDArray reference = gaussian(2, 1, DEEP);
        int size = DEEP.size() + GLOBALS;
        float[] before = forward(net, p, DEEP, x, reference, 0.3f);
        assertThat(changed(before, forward(net, p, DEEP, x, reference, 0.6f))).isEqualTo(size);
        assertThat(changed(before, forward(net, p, DEEP, x, gaussian(3, 1, DEEP), 0.3f)))
                .isEqualTo(size);
        for (int i = 0; i < size; i++) {
            float[] values = x.toFloatArray();
            values[i] += 3;
            NDArray moved = Torch.array(manager, values, new Shape(1, size));
            assertThat(changed(before, forward(net, p, DEEP, moved, reference, 0.3f)))
                    .as("input %d", i)
                    .isEqualTo(size);
        }
    }

    @Test
    void aNetworkOfTheMiniBatchDependsOnNoOther() {
        Backbone net = net(spec(HiddenEmbedding.SHARED, false, 2, 2), LAYOUT);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 3, LAYOUT);
        float[] all = forward(net, p, LAYOUT, x, null, 0.4f);
        float[] one = forward(net, p, LAYOUT, x.get("1:2"), null, 0.4f);
        for (int i = 0; i < one.length; i++) {
            assertThat(one[i]).isCloseTo(all[one.length + i], within(1e-5f));
        }
    }

    @Test
    void dropoutSilencesHiddenUnits() {
        Backbone net = net(spec(HiddenEmbedding.SHARED, false, 2, 2), LAYOUT);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 1, LAYOUT);
        NDArray t = manager.full(new Shape(1, 1), 0.4f);
        float[] silent = net.forward(p, LAYOUT, x, null, t, new Dropout(0.5, new Seed(1), 0))
                .toFloatArray();
        assertThat(changed(silent, forward(net, p, LAYOUT, x, null, 0.4f))).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 12})
    void oneHiddenLayerIsReadAtAnyWidth(int width) {
        LayerLayout other = LayerLayout.of(Architecture.relu(4, width, 3));
        Backbone net = net(spec(HiddenEmbedding.SHARED, true, 2, 2), LAYOUT);
        float[] out = forward(net, randomised(net), other, gaussian(1, 2, other), gaussian(2, 1, other), 0.4f);
        assertThat(out).hasSize(2 * (other.size() + GLOBALS));
    }

    @ParameterizedTest
    @CsvSource({"4-6-3-2,SHARED,4-5-3-2", "4-6-3,PER_NEURON,4-5-3", "5-5-3,SHARED,4-5-3", "4-5-3-2,SHARED,4-5-3"})
    void otherArchitecturesAreRefused(String read, HiddenEmbedding embedding, String trained) {
        Backbone net = net(spec(embedding, false, 2, 2), layout(trained));
        LayerLayout other = layout(read);
        Parameters p = randomised(net);
        assertThatThrownBy(() -> forward(net, p, other, gaussian(1, 1, other), null, 0.4f))
                .hasMessage("architecture (" + read + ") is not " + trained
                        + ", which the neuron transformer is made for: it reads other widths of a single hidden layer"
                        + " only, with hidden-embedding = shared. Maybe kind = relational-transformer?");
    }

    private static LayerLayout layout(String widths) {
        return LayerLayout.of(Architecture.relu(
                Arrays.stream(widths.split("-", -1)).map(Integer::valueOf).toArray(Integer[]::new)));
    }

    private static BackboneSpec spec(HiddenEmbedding embedding, boolean reference, int heads, int layers) {
        return new BackboneSpec(Kind.NEURON_TRANSFORMER, 8, layers, heads, false, embedding, reference, 0, 0);
    }

    private static Backbone net(BackboneSpec spec, LayerLayout layout) {
        return Backbone.of(spec, layout, layout.size() + GLOBALS);
    }

    private double equivarianceError(BackboneSpec spec) {
        Backbone net = net(spec, LAYOUT);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 3, LAYOUT);
        NDArray reference = spec.referenceFeatures() ? gaussian(2, 1, LAYOUT) : null;
        NDArray t = Torch.array(manager, new float[] {0.1f, 0.5f, 0.9f}, new Shape(3, 1));
        NDArray permuted = reference == null ? null : permute(reference);
        NDArray expected = permute(net.forward(p, LAYOUT, x, reference, t));
        NDArray actual = net.forward(p, LAYOUT, permute(x), permuted, t);
        return actual.sub(expected).abs().max().getFloat();
    }

    private NDArray permute(NDArray x) {
        Permutations p = Permutations.identity(LAYOUT, (int) x.getShape().get(0));
        for (int[][] map : p.maps()) {
            Arrays.setAll(map[0], k -> (k + 1) % map[0].length);
        }
        NDArray weights = p.apply(LAYOUT, x.get(":, :{}", LAYOUT.size()));
        return weights.concat(x.get(":, {}:", LAYOUT.size()), 1);
    }

    private Parameters randomised(Backbone net) {
        float[] values = new Seed(9).gaussian(net.parameters().size());
        for (int i = 0; i < values.length; i++) {
            values[i] *= 0.4f;
        }
        return new Parameters(manager, net.parameters(), values, false);
    }

    private float[] forward(
            Backbone net, Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, float time) {
        NDArray t = manager.full(new Shape(x.getShape().get(0), 1), time);
        return net.forward(p, layout, x, reference, t).toFloatArray();
    }

    private NDArray gaussian(long seed, int rows, LayerLayout layout) {
        int size = layout.size() + GLOBALS;
        return Torch.array(manager, new Seed(seed).gaussian(rows * size), new Shape(rows, size));
    }

    private static int changed(float[] a, float[] b) {
        int n = 0;
        for (int i = 0; i < a.length; i++) {
            n += a[i] == b[i] ? 0 : 1;
        }
        return n;
    }
}
