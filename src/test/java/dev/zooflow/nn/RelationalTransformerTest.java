package dev.zooflow.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelationalTransformerTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(4, 5, 3, 2));
    private static final int GLOBALS = 1;
    private static final int SIZE = LAYOUT.size() + GLOBALS;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "layer {0}, reference {1}, heads {2}")
    @CsvSource({"0,true,1", "1,true,2", "0,false,4", "1,false,1"})
    void sharedEmbeddingIsEquivariantUnderPermutationsOfEachHiddenLayer(int layer, boolean reference, int heads) {
        RelationalTransformer net =
                new RelationalTransformer(spec(HiddenEmbedding.SHARED, reference, heads), LAYOUT, GLOBALS);
        assertThat(equivarianceError(net, layer, reference)).isLessThan(2e-5);
    }

    @Test
    void perNeuronEmbeddingIsNotEquivariant() {
        RelationalTransformer net =
                new RelationalTransformer(spec(HiddenEmbedding.PER_NEURON, false, 1), LAYOUT, GLOBALS);
        assertThat(equivarianceError(net, 0, false)).isGreaterThan(1e-2);
    }

    @Test
    void everyOutputDependsOnTimeAndOnEveryInput() {
        RelationalTransformer net = new RelationalTransformer(spec(HiddenEmbedding.SHARED, true, 2), LAYOUT, GLOBALS);
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

    @Test
    void anUntrainedNetworkPredictsZero() {
        RelationalTransformer net = new RelationalTransformer(spec(HiddenEmbedding.SHARED, true, 1), LAYOUT, GLOBALS);
        Parameters p =
                new Parameters(manager, net.parameters(), net.parameters().initialValues(new Seed(1)), false);
        assertThat(forward(net, p, gaussian(1, 2, SIZE), gaussian(2, 1, SIZE), 0.5f))
                .containsOnly(0f);
    }

    @Test
    void sharedEmbeddingReadsOtherHiddenWidths() {
        RelationalTransformer net = new RelationalTransformer(spec(HiddenEmbedding.SHARED, false, 1), LAYOUT, GLOBALS);
        LayerLayout wider = LayerLayout.of(Architecture.relu(4, 9, 6, 2));
        NDArray out = net.forward(
                randomised(net), wider, gaussian(1, 3, wider.size() + 1), null, manager.full(new Shape(3, 1), 0.2f));
        assertThat(out.getShape()).isEqualTo(new Shape(3, wider.size() + 1));
    }

    @Test
    void gradientsMatchFiniteDifferences() {
        RelationalTransformer net = new RelationalTransformer(spec(HiddenEmbedding.SHARED, true, 2), LAYOUT, GLOBALS);
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

    private double lossAt(RelationalTransformer net, float[] values, int i, float h, NDArray x, NDArray reference) {
        float[] moved = values.clone();
        moved[i] += h;
        try (NDScope scope = new NDScope();
                Parameters p = new Parameters(manager, net.parameters(), moved, false)) {
            scope.suppressNotUsedWarning();
            return loss(net, p, x, reference).getFloat();
        }
    }

    private NDArray loss(RelationalTransformer net, Parameters p, NDArray x, NDArray reference) {
        NDArray out = net.forward(p, LAYOUT, x, reference, manager.full(new Shape(2, 1), 0.4f));
        return out.square().mean();
    }

    private double equivarianceError(RelationalTransformer net, int layer, boolean withReference) {
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

    private static BackboneSpec spec(HiddenEmbedding embedding, boolean reference, int heads) {
        return spec(embedding, reference, heads, 2);
    }

    private static BackboneSpec spec(HiddenEmbedding embedding, boolean reference, int heads, int layers) {
        return new BackboneSpec(BackboneSpec.Kind.RELATIONAL_TRANSFORMER, 8, layers, heads, true, embedding, reference);
    }

    private Parameters randomised(RelationalTransformer net) {
        return new Parameters(manager, net.parameters(), randomValues(net), false);
    }

    // Zero-initialised outputs would hide everything behind them.
    private static float[] randomValues(RelationalTransformer net) {
        float[] values = new Seed(9).gaussian(net.parameters().size());
        for (int i = 0; i < values.length; i++) {
            values[i] *= 0.4f;
        }
        return values;
    }

    private float[] forward(
            RelationalTransformer net, Parameters p, NDArray x, @Nullable NDArray reference, float time) {
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
