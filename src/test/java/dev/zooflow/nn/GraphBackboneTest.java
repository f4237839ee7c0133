package dev.zooflow.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.experiment.BackboneSpec.Kind;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the backbones that read the graph of the weights have in common. */
class GraphBackboneTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(4, 5, 3, 2));
    private static final int GLOBALS = 1;
    private static final int SIZE = LAYOUT.size() + GLOBALS;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0}, hidden layer {1}, reference {2}, heads {3}, edge updates {4}, width {5}, depth {6}")
    @CsvSource({
        "RELATIONAL_TRANSFORMER,0,true,1,true,8,2",
        "RELATIONAL_TRANSFORMER,1,true,2,true,8,2",
        "RELATIONAL_TRANSFORMER,0,false,4,false,8,1",
        "RELATIONAL_TRANSFORMER,1,false,1,true,4,3",
        "RELATIONAL_TRANSFORMER,0,true,3,false,12,2",
        "PNA,0,true,1,true,8,2",
        "PNA,1,true,1,false,8,2",
        "PNA,0,false,1,false,12,1",
        "PNA,1,false,1,true,4,3"
    })
    void sharedEmbeddingIsEquivariantUnderPermutationsOfEachHiddenLayer(
            Kind kind, int layer, boolean reference, int heads, boolean edgeUpdates, int width, int depth) {
        BackboneSpec spec =
                new BackboneSpec(kind, width, depth, heads, edgeUpdates, HiddenEmbedding.SHARED, reference, 0, 0);
        assertThat(equivarianceError(Backbone.of(spec, LAYOUT, SIZE), layer, reference))
                .isLessThan(2e-5);
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void perNeuronEmbeddingIsNotEquivariant(Kind kind) {
        assertThat(equivarianceError(backbone(kind, HiddenEmbedding.PER_NEURON, false), 0, false))
                .isGreaterThan(1e-3);
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void everyOutputDependsOnTimeAndOnEveryInput(Kind kind) {
        Backbone net = backbone(kind, HiddenEmbedding.SHARED, true);
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 1, SIZE);
        NDArray reference = gaussian(2, 1, SIZE);
        float[] before = forward(net, p, x, reference, 0.3f);
        assertThat(changed(before, forward(net, p, x, reference, 0.6f))).isEqualTo(SIZE);
        for (int i = 0; i < SIZE; i++) {
            float[] values = x.toFloatArray();
            values[i] += 1;
            NDArray moved = manager.create(values, new Shape(1, SIZE));
            assertThat(changed(before, forward(net, p, moved, reference, 0.3f)))
                    .as("outputs that see coordinate %d", i)
                    .isGreaterThan(SIZE * 9 / 10);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void anUntrainedNetworkPredictsZero(Kind kind) {
        Backbone net = backbone(kind, HiddenEmbedding.SHARED, true);
        Parameters p =
                new Parameters(manager, net.parameters(), net.parameters().initialValues(new Seed(1)), false);
        assertThat(forward(net, p, gaussian(1, 2, SIZE), gaussian(2, 1, SIZE), 0.5f))
                .containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void sharedEmbeddingReadsOtherHiddenWidths(Kind kind) {
        BackboneSpec spec = spec(kind, HiddenEmbedding.SHARED, false);
        LayerLayout trained = LayerLayout.of(Architecture.relu(5, 4, 3));
        LayerLayout wider = LayerLayout.of(Architecture.relu(5, 9, 3));
        Backbone net = Backbone.of(spec, trained, trained.size());
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 3, wider.size());
        NDArray out = net.forward(p, wider, x, null, manager.full(new Shape(3, 1), 0.2f));
        assertThat(out.getShape()).isEqualTo(new Shape(3, wider.size()));
        assertThat(Backbone.of(spec, wider, wider.size()).parameters().size())
                .isEqualTo(net.parameters().size());
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void embeddingsOfNeuronsReadNoOtherHiddenWidths(Kind kind) {
        LayerLayout wider = LayerLayout.of(Architecture.relu(4, 9, 3, 2));
        assertThatThrownBy(() -> read(backbone(kind, HiddenEmbedding.PER_NEURON, false), wider))
                .hasMessage("architecture (4-9-3-2) has other hidden neurons than 4-5-3-2, of which each has its own"
                        + " embedding. Maybe hidden-embedding = shared?");
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void otherInputsOutputsAndDepthsAreRefused(Kind kind) {
        for (Architecture other :
                List.of(Architecture.relu(3, 5, 3, 2), Architecture.relu(4, 5, 3, 1), Architecture.relu(4, 5, 2))) {
            assertThatThrownBy(() -> read(backbone(kind, HiddenEmbedding.SHARED, false), LayerLayout.of(other)))
                    .hasMessageContaining("architecture (%s) has other inputs, outputs or depth than 4-5-3-2", other);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void edgeStatesStayWithoutEdgeUpdates(Kind kind) {
        BackboneSpec with = new BackboneSpec(kind, 8, 2, 1, true, HiddenEmbedding.SHARED, false, 0, 0);
        BackboneSpec without = new BackboneSpec(kind, 8, 2, 1, false, HiddenEmbedding.SHARED, false, 0, 0);
        assertThat(Backbone.of(with, LAYOUT, SIZE).parameters().entries()).containsKey("layer1.edge-down.weight");
        assertThat(Backbone.of(without, LAYOUT, SIZE).parameters().entries())
                .doesNotContainKey("layer1.edge-down.weight");
        assertThat(Backbone.of(without, LAYOUT, SIZE).multiplyAdds(LAYOUT))
                .isLessThan(Backbone.of(with, LAYOUT, SIZE).multiplyAdds(LAYOUT));
    }

    @ParameterizedTest
    @EnumSource(names = {"RELATIONAL_TRANSFORMER", "PNA"})
    void gradientsMatchFiniteDifferences(Kind kind) {
        Backbone net = backbone(kind, HiddenEmbedding.SHARED, true);
        float[] values = randomValues(net);
        NDArray x = gaussian(1, 2, SIZE);
        NDArray reference = gaussian(2, 1, SIZE);
        Parameters p = new Parameters(manager, net.parameters(), values, true);
        Autograd.record(() -> {
            NDArray loss = loss(net, p, x, reference);
            Autograd.backward(loss);
            return loss;
        });
        float[] gradient = p.gradient(manager).toFloatArray();
        float h = 2e-3f;
        for (int i = 0; i < values.length; i += 97) {
            double numeric =
                    (lossAt(net, values, i, h, x, reference) - lossAt(net, values, i, -h, x, reference)) / (2 * h);
            assertThat((double) gradient[i])
                    .as("parameter %d", i)
                    .isCloseTo(numeric, within(2e-3 + 0.02 * Math.abs(numeric)));
        }
    }

    private void read(Backbone net, LayerLayout layout) {
        NDArray x = gaussian(1, 1, layout.size() + GLOBALS);
        net.forward(randomised(net), layout, x, null, manager.full(new Shape(1, 1), 0.2f));
    }

    private double lossAt(Backbone net, float[] values, int i, float h, NDArray x, NDArray reference) {
        float[] moved = values.clone();
        moved[i] += h;
        try (NDScope scope = new NDScope();
                Parameters p = new Parameters(manager, net.parameters(), moved, false)) {
            scope.suppressNotUsedWarning();
            return loss(net, p, x, reference).getFloat();
        }
    }

    private NDArray loss(Backbone net, Parameters p, NDArray x, NDArray reference) {
        NDArray out = net.forward(p, LAYOUT, x, reference, manager.full(new Shape(2, 1), 0.4f));
        return out.square().mean();
    }

    private double equivarianceError(Backbone net, int layer, boolean withReference) {
        Parameters p = randomised(net);
        NDArray x = gaussian(1, 3, SIZE);
        NDArray reference = withReference ? gaussian(2, 1, SIZE) : null;
        NDArray t = manager.create(new float[] {0.1f, 0.5f, 0.9f}, new Shape(3, 1));
        NDArray permutedReference = reference == null ? null : permute(reference, layer);
        NDArray expected = permute(net.forward(p, LAYOUT, x, reference, t), layer);
        NDArray actual = net.forward(p, LAYOUT, permute(x, layer), permutedReference, t);
        return actual.sub(expected).abs().max().getFloat();
    }

    // Rotates the neurons of one hidden layer; global coordinates stay.
    private NDArray permute(NDArray x, int layer) {
        int n = (int) x.getShape().get(0);
        Permutations p = Permutations.identity(LAYOUT, n);
        for (int[][] map : p.maps()) {
            int width = map[layer].length;
            Arrays.setAll(map[layer], k -> (k + 1) % width);
        }
        NDArray weights = p.apply(LAYOUT, x.get(":, :{}", LAYOUT.size()));
        return weights.concat(x.get(":, {}:", LAYOUT.size()), 1);
    }

    private static Backbone backbone(Kind kind, HiddenEmbedding embedding, boolean reference) {
        return Backbone.of(spec(kind, embedding, reference), LAYOUT, SIZE);
    }

    private static BackboneSpec spec(Kind kind, HiddenEmbedding embedding, boolean reference) {
        return new BackboneSpec(kind, 8, 2, 2, true, embedding, reference, 0, 0);
    }

    private Parameters randomised(Backbone net) {
        return new Parameters(manager, net.parameters(), randomValues(net), false);
    }

    // Zero-initialised outputs would hide everything behind them.
    private static float[] randomValues(Backbone net) {
        float[] values = new Seed(9).gaussian(net.parameters().size());
        for (int i = 0; i < values.length; i++) {
            values[i] *= 0.4f;
        }
        return values;
    }

    private float[] forward(Backbone net, Parameters p, NDArray x, @Nullable NDArray reference, float time) {
        NDArray t = manager.full(new Shape(x.getShape().get(0), 1), time);
        return net.forward(p, LAYOUT, x, reference, t).toFloatArray();
    }

    private static int changed(float[] a, float[] b) {
        int n = 0;
        for (int i = 0; i < a.length; i++) {
            if (a[i] != b[i]) {
                n++;
            }
        }
        return n;
    }

    private NDArray gaussian(long seed, int rows, int columns) {
        return manager.create(new Seed(seed).gaussian(rows * columns), new Shape(rows, columns));
    }
}
