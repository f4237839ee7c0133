package dev.zooflow.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SymmetryTest {

    private static final LayerLayout UNEQUAL = LayerLayout.of(Architecture.relu(7, 5, 9, 4, 3));
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @Test
    void logitsMatchAPlainLoop() {
        NDArray theta = gaussian(1, 3, UNEQUAL.size());
        NDArray x = gaussian(2, 6, 7);
        float[] logits = Mlp.logits(UNEQUAL, theta, x).toFloatArray();
        for (int i = 0; i < 3; i++) {
            float[] w = theta.get(i).toFloatArray();
            for (int t = 0; t < 6; t++) {
                double[] expected = forward(w, x.get(t).toFloatArray());
                for (int c = 0; c < 3; c++) {
                    assertThat((double) logits[(i * 6 + t) * 3 + c]).isCloseTo(expected[c], within(1e-4));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void permutationsPreserveTheFunction(long seed) {
        NDArray theta = gaussian(seed, 4, UNEQUAL.size());
        NDArray permuted = randomPermutations(seed, 4).apply(UNEQUAL, theta);
        assertThat(maxDifference(theta, permuted)).isGreaterThan(0.1);
        assertSameFunction(theta, permuted);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void inversePermutationsRestoreTheWeightsExactly(long seed) {
        NDArray theta = gaussian(seed, 4, UNEQUAL.size());
        Permutations p = randomPermutations(seed, 4);
        NDArray back = p.inverse().apply(UNEQUAL, p.apply(UNEQUAL, theta));
        assertThat(back.toFloatArray()).isEqualTo(theta.toFloatArray());
    }

    @Test
    void permutationsActAlikeInJavaAndInNativeMemory() {
        NDArray theta = gaussian(6, 4, UNEQUAL.size());
        WeightBatch networks = new WeightBatch(UNEQUAL.architecture(), theta.toFloatArray());
        Permutations p = randomPermutations(6, 4);
        assertThat(p.apply(UNEQUAL, networks).theta())
                .isEqualTo(p.apply(UNEQUAL, theta).toFloatArray());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void scalingsPreserveTheFunction(long seed) {
        NDArray theta = gaussian(seed, 4, UNEQUAL.size());
        RandomGenerator random = new Seed(seed).generator();
        float[][][] factors = new float[4][][];
        for (int i = 0; i < 4; i++) {
            factors[i] = UNEQUAL.architecture().hidden().stream()
                    .map(width -> randomFactors(random, width))
                    .toArray(float[][]::new);
        }
        NDArray scaled = new NeuronScaling(factors).apply(UNEQUAL, theta);
        assertThat(maxDifference(theta, scaled)).isGreaterThan(0.1);
        assertSameFunction(theta, scaled);
    }

    @Test
    void flatToGraphToFlatIsTheIdentity() {
        NDArray theta = gaussian(5, 4, UNEQUAL.size());
        WeightGraph graph = WeightGraph.of(UNEQUAL, theta);
        assertThat(graph.flatten().toFloatArray()).isEqualTo(theta.toFloatArray());
        assertThat(graph.edgeFeatures().get(1).getShape()).isEqualTo(new Shape(4, 9, 5));
    }

    @Test
    void edgeFeaturesAreIndexedByTargetThenSource() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(2, 3));
        NDArray theta = manager.create(new float[] {0, 1, 10, 11, 20, 21, 7, 8, 9}, new Shape(1, 9));
        WeightGraph graph = WeightGraph.of(layout, theta);
        assertThat(graph.edgeFeatures().get(0).getFloat(0, 2, 1)).isEqualTo(21f);
        assertThat(graph.nodeFeatures().get(0).toFloatArray()).containsExactly(7f, 8f, 9f);
    }

    @Test
    void impossibleWidthsAreRefused() {
        assertThat(catchMessage(() -> Architecture.relu(3, 0, 2))).contains("width (0)");
        assertThat(catchMessage(() -> Architecture.relu(65_536, 65_536, 2))).contains("100 million");
    }

    private static String catchMessage(Runnable action) {
        try {
            action.run();
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
        return "nothing thrown";
    }

    private void assertSameFunction(NDArray a, NDArray b) {
        NDArray x = gaussian(77, 10, 7);
        assertThat(maxDifference(Mlp.logits(UNEQUAL, a, x), Mlp.logits(UNEQUAL, b, x)))
                .isLessThan(1e-3);
    }

    private static double maxDifference(NDArray a, NDArray b) {
        return a.sub(b).abs().max().getFloat();
    }

    private NDArray gaussian(long seed, int rows, int columns) {
        return manager.create(new Seed(seed).gaussian(rows * columns), new Shape(rows, columns));
    }

    private static float[] randomFactors(RandomGenerator random, int n) {
        float[] out = new float[n];
        for (int k = 0; k < n; k++) {
            out[k] = (float) Math.exp(random.nextGaussian());
        }
        return out;
    }

    private static Permutations randomPermutations(long seed, int n) {
        RandomGenerator random = new Seed(seed).generator();
        int[][][] maps = new int[n][][];
        for (int i = 0; i < n; i++) {
            maps[i] = UNEQUAL.architecture().hidden().stream()
                    .map(width -> shuffled(random, width))
                    .toArray(int[][]::new);
        }
        return new Permutations(maps);
    }

    private static int[] shuffled(RandomGenerator random, int n) {
        List<Integer> order =
                new java.util.ArrayList<>(IntStream.range(0, n).boxed().toList());
        java.util.Collections.shuffle(order, new java.util.Random(random.nextLong()));
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private static double[] forward(float[] w, float[] x) {
        double[] h = new double[x.length];
        for (int j = 0; j < x.length; j++) {
            h[j] = x[j];
        }
        for (LayerLayout.Layer layer : UNEQUAL.layers()) {
            double[] z = new double[layer.fanOut()];
            for (int k = 0; k < layer.fanOut(); k++) {
                z[k] = w[layer.biasOffset() + k];
                for (int j = 0; j < layer.fanIn(); j++) {
                    z[k] += w[layer.weightOffset() + k * layer.fanIn() + j] * h[j];
                }
                boolean hidden = layer.index() < UNEQUAL.layers().size();
                z[k] = hidden ? Math.max(0, z[k]) : z[k];
            }
            h = z;
        }
        return h;
    }
}
