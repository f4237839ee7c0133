package dev.zooflow.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Layered aggregation against a dense one: every pair of neurons is looked at, and pairs without an edge are masked. The
 * dense one is written with loops in double precision and shares nothing with the layered one but the parameters.
 */
class PnaAggregationTest {

    private static final int[] WIDTHS = {3, 5, 1, 4};
    private static final int D = 6;
    private static final double DELTA = 1.3;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void layeredEqualsDenseMasked(long seed) {
        PnaAggregation aggregation = new PnaAggregation("a", D, DELTA);
        ParameterLayout layout = new ParameterLayout();
        aggregation.addParameters(layout);
        Parameters p = new Parameters(manager, layout, new Seed(seed).gaussian(layout.size()), false);
        List<NDArray> nodes = new ArrayList<>();
        List<NDArray> edges = new ArrayList<>();
        for (int l = 0; l < WIDTHS.length; l++) {
            nodes.add(gaussian(seed * 1000 + l, new Shape(2, WIDTHS[l], D)));
            if (l > 0) {
                edges.add(gaussian(seed * 1000 + 500 + l, new Shape(2, WIDTHS[l], WIDTHS[l - 1], D)));
            }
        }
        GraphState state = new GraphState(NDArrays.concat(new NDList(nodes), 1), edges);
        NDList received = state.byLayer(aggregation.receive(p, state));
        for (int l = 0; l < WIDTHS.length; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                double[] expected = dense(p, l, j, nodes, edges);
                float[] actual = received.get(l).get(1).get(j).toFloatArray();
                for (int c = 0; c < D; c++) {
                    assertThat((double) actual[c])
                            .as("layer %d, neuron %d, feature %d", l, j, c)
                            .isCloseTo(expected[c], within(1e-4 * (1 + Math.abs(expected[c]))));
                }
            }
        }
    }

    // Of the second network of the batch.
    private static double[] dense(Parameters p, int l, int j, List<NDArray> nodes, List<NDArray> edges) {
        List<double[]> messages = new ArrayList<>();
        for (int k = 0; k < WIDTHS.length; k++) {
            for (int i = 0; i < WIDTHS[k]; i++) {
                if (Math.abs(k - l) == 1) {
                    NDArray edge = k < l
                            ? edges.get(k).get(1).get(j).get(i)
                            : edges.get(l).get(1).get(i).get(j);
                    double[] message = map(p, "a.edge", edge, false);
                    double[] source = map(
                            p,
                            k < l ? "a.from-below" : "a.from-above",
                            nodes.get(k).get(1).get(i),
                            true);
                    for (int c = 0; c < D; c++) {
                        message[c] += source[c];
                    }
                    messages.add(message);
                }
            }
        }
        double[] summary = new double[12 * D];
        double scaler = Math.log(messages.size() + 1) / DELTA;
        for (int c = 0; c < D; c++) {
            int feature = c;
            double mean = of(messages, feature).average().orElseThrow();
            double variance = of(messages, feature)
                    .map(m -> (m - mean) * (m - mean))
                    .average()
                    .orElseThrow();
            double[] four = {
                mean,
                of(messages, c).max().orElseThrow(),
                of(messages, c).min().orElseThrow(),
                Math.sqrt(variance + 1e-5)
            };
            for (int a = 0; a < 4; a++) {
                summary[a * D + c] = four[a];
                summary[(4 + a) * D + c] = four[a] * scaler;
                summary[(8 + a) * D + c] = four[a] / scaler;
            }
        }
        return map(p, "a.output", summary, true);
    }

    private static DoubleStream of(List<double[]> messages, int feature) {
        return messages.stream().mapToDouble(m -> m[feature]);
    }

    private static double[] map(Parameters p, String name, NDArray x, boolean bias) {
        float[] values = x.toFloatArray();
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return map(p, name, wide, bias);
    }

    private static double[] map(Parameters p, String name, double[] x, boolean bias) {
        float[] w = p.get(name + ".weight").toFloatArray();
        double[] y = new double[D];
        for (int o = 0; o < D; o++) {
            y[o] = bias ? p.get(name + ".bias").toFloatArray()[o] : 0;
            for (int k = 0; k < x.length; k++) {
                y[o] += w[o * x.length + k] * x[k];
            }
        }
        return y;
    }

    @Test
    void degreesAreThoseOfTheGraph() {
        // 2-3-1: degrees 3, 3 | 3, 3, 3 | 3, mean log 4; 4-2-3: degrees 2 ×4 | 7 ×2 | 2 ×3.
        assertThat(Pna.meanLogDegree(LayerLayout.of(Architecture.relu(2, 3, 1))))
                .isCloseTo(Math.log(4), within(1e-12));
        assertThat(Pna.meanLogDegree(LayerLayout.of(Architecture.relu(4, 2, 3))))
                .isCloseTo((7 * Math.log(3) + 2 * Math.log(8)) / 9, within(1e-12));
    }

    private NDArray gaussian(long seed, Shape shape) {
        return manager.create(new Seed(seed).gaussian((int) shape.size()), shape);
    }
}
