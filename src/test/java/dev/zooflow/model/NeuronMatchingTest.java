package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.FlowSpec.CouplingKind;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Mlp;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NeuronMatchingTest {

    private static final LayerLayout LAYOUT = LayerLayout.of(Architecture.relu(4, 6, 5, 3));
    private static final NeuronMatching MATCHING = new NeuronMatching(LAYOUT);
    private static final int B = 20;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0} coordinates more")
    @ValueSource(ints = {0, 1})
    void plantedPermutationsAreUndone(int globals) {
        NDArray x1 = gaussian(2, B, LAYOUT.size());
        NDArray x0 = permutations(3).apply(LAYOUT, x1);
        NDArray more = gaussian(4, B, globals);
        NDArray matched = MATCHING.match(x0.concat(more, 1), x1.concat(more, 1));
        assertThat(matched.toFloatArray()).isEqualTo(x1.concat(more, 1).toFloatArray());
    }

    @Test
    void neuronsOfTheFirstLayerAreTheSameInAnotherOrder() {
        NDArray x0 = gaussian(1, B, LAYOUT.size());
        NDArray matched = MATCHING.match(x0, gaussian(2, 1, LAYOUT.size()));
        assertThat(matched.toFloatArray()).isNotEqualTo(x0.toFloatArray());
        for (int i = 0; i < B; i++) {
            assertThat(neurons(matched, i)).containsExactlyInAnyOrderElementsOf(neurons(x0, i));
        }
    }

    @Test
    void functionsStayWhatTheyWere() {
        NDArray x0 = gaussian(1, B, LAYOUT.size());
        NDArray inputs = gaussian(5, 10, 4);
        NDArray before = Mlp.logits(LAYOUT, x0, inputs);
        NDArray after = Mlp.logits(LAYOUT, MATCHING.match(x0, gaussian(2, B, LAYOUT.size())), inputs);
        assertThat(after.sub(before).abs().max().getFloat()).isLessThan(1e-4f);
    }

    @ParameterizedTest(name = "{0} targets")
    @ValueSource(ints = {1, B})
    void noDistanceRisesAndMostFall(int targets) {
        NDArray x0 = gaussian(1, B, LAYOUT.size());
        NDArray x1 = gaussian(2, targets, LAYOUT.size());
        float[] before = distances(x0, x1);
        float[] after = distances(MATCHING.match(x0, x1), x1);
        int nearer = 0;
        for (int i = 0; i < B; i++) {
            assertThat(after[i]).isLessThanOrEqualTo(before[i]);
            nearer += after[i] < before[i] ? 1 : 0;
        }
        assertThat(nearer).isGreaterThan(B / 2);
    }

    @Test
    void startOfThePermutationAwareFlowIsNearItsReference() {
        WeightSpace space = WeightSpace.of(flow("coupling = permutation-aware"), LAYOUT);
        Source source = new Source(space, 0.1);
        NDArray reference = source.sample(manager, 1, new Seed(8));
        NDArray plain = source.start(manager, B, CouplingKind.INDEPENDENT, reference, new Seed(9));
        NDArray matched = source.start(manager, B, CouplingKind.PERMUTATION_AWARE, reference, new Seed(9));
        assertThat(plain.toFloatArray())
                .isEqualTo(source.sample(manager, B, new Seed(9)).toFloatArray());
        assertThat(distances(matched, reference)[0]).isLessThan(distances(plain, reference)[0]);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"permutation-aware", "permutation-aware-transport"})
    void onlyAnEquivariantFieldHasX0MatchedToItsOwnX1(String coupling) {
        NDArray x1 = gaussian(2, 1, LAYOUT.size());
        NDArray x0 = permutations(3).apply(LAYOUT, x1.repeat(0, B)).get("0:1");
        String keys = "geometry = euclidean, coupling = %s".formatted(coupling);
        assertThat(pair(flow(keys), x0, x1).x0().toFloatArray()).isEqualTo(x0.toFloatArray());
        FlowSpec equivariant = flow(keys + ", backbone.reference-features = false");
        assertThat(pair(equivariant, x0, x1).x0().toFloatArray()).isEqualTo(x1.toFloatArray());
    }

    private static Coupling.Pairs pair(FlowSpec spec, NDArray x0, NDArray x1) {
        return new Coupling(WeightSpace.of(spec, LAYOUT), spec).pair(x0, x1);
    }

    private static FlowSpec flow(String keys) {
        return ExperimentFile.parse("flows = [{ name = f, %s }]".formatted(keys))
                .flows()
                .get(0);
    }

    // Incoming weights and bias of each neuron of the first layer.
    private static List<List<Float>> neurons(NDArray x, int network) {
        float[] values = x.get("{}:{}", network, network + 1).toFloatArray();
        LayerLayout.Layer layer = LAYOUT.layers().get(0);
        List<List<Float>> neurons = new ArrayList<>();
        for (int k = 0; k < layer.fanOut(); k++) {
            List<Float> neuron = new ArrayList<>();
            for (int j = 0; j < layer.fanIn(); j++) {
                neuron.add(values[layer.weightOffset() + k * layer.fanIn() + j]);
            }
            neuron.add(values[layer.biasOffset() + k]);
            neurons.add(neuron);
        }
        return neurons;
    }

    private static float[] distances(NDArray x, NDArray y) {
        return x.sub(y).square().sum(new int[] {1}).toFloatArray();
    }

    private static Permutations permutations(long seed) {
        Random random = new Random(seed);
        int[][][] maps = Permutations.identity(LAYOUT, B).maps();
        for (int[][] network : maps) {
            for (int l = 0; l < network.length; l++) {
                List<Integer> order = new ArrayList<>();
                for (int k : network[l]) {
                    order.add(k);
                }
                Collections.shuffle(order, random);
                network[l] = order.stream().mapToInt(k -> k).toArray();
            }
        }
        return new Permutations(maps);
    }

    private NDArray gaussian(long seed, int rows, int columns) {
        return manager.create(new Seed(seed).gaussian(rows * columns), new Shape(rows, columns));
    }
}
