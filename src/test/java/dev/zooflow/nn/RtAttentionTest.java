package dev.zooflow.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Layered attention against a dense one: every neuron looks at every neuron, and pairs without an edge get no weight. The
 * dense one is written with loops in double precision and shares nothing with the layered one but the parameters.
 */
class RtAttentionTest {

    private static final int[] WIDTHS = {3, 5, 2, 4};
    private static final int D = 8;
    private final NDManager manager = Torch.manager();

    @AfterEach
    void close() {
        manager.close();
    }

    @ParameterizedTest(name = "{0} heads")
    @ValueSource(ints = {1, 2, 4})
    void layeredEqualsDenseMasked(int heads) {
        RtAttention attention = new RtAttention("a", D, heads);
        ParameterLayout layout = new ParameterLayout();
        attention.addParameters(layout);
        float[] values = new Seed(heads).gaussian(layout.size());
        Parameters p = new Parameters(manager, layout, values, false);
        List<NDArray> nodes = new ArrayList<>();
        List<NDArray> edges = new ArrayList<>();
        for (int l = 0; l < WIDTHS.length; l++) {
            nodes.add(gaussian(100 + l, new Shape(1, WIDTHS[l], D)));
            if (l > 0) {
                edges.add(gaussian(200 + l, new Shape(1, WIDTHS[l], WIDTHS[l - 1], D)));
            }
        }
        double[][] expected = dense(p, heads, nodes, edges);
        GraphState state = new GraphState(NDArrays.concat(new NDList(nodes), 1), edges);
        NDList received = state.byLayer(attention.receive(p, state));
        int at = 0;
        for (int l = 0; l < WIDTHS.length; l++) {
            float[] actual = received.get(l).toFloatArray();
            for (int j = 0; j < WIDTHS[l]; j++, at++) {
                for (int c = 0; c < D; c++) {
                    double tolerance = 1e-4 * (1 + Math.abs(expected[at][c]));
                    assertThat((double) actual[j * D + c]).isCloseTo(expected[at][c], within(tolerance));
                }
            }
        }
    }

    private static double[][] dense(Parameters p, int heads, List<NDArray> nodes, List<NDArray> edges) {
        List<float[]> state = new ArrayList<>();
        List<int[]> place = new ArrayList<>();
        for (int l = 0; l < WIDTHS.length; l++) {
            for (int j = 0; j < WIDTHS[l]; j++) {
                state.add(nodes.get(l).get(0).get(j).toFloatArray());
                place.add(new int[] {l, j});
            }
        }
        int n = state.size();
        double[][] out = new double[n][];
        for (int j = 0; j < n; j++) {
            double[] sum = new double[D];
            for (int h = 0; h < heads; h++) {
                addHead(p, heads, h, j, state, place, edges, sum);
            }
            out[j] = affine(p, "a.output", sum);
        }
        return out;
    }

    private static void addHead(
            Parameters p,
            int heads,
            int h,
            int j,
            List<float[]> state,
            List<int[]> place,
            List<NDArray> edges,
            double[] sum) {
        int c = D / heads;
        int n = state.size();
        double[] query = affine(p, "a.query", widen(state.get(j)));
        double[] weight = new double[n];
        double total = 0;
        for (int i = 0; i < n; i++) {
            float[] edge = edge(edges, place.get(i), place.get(j));
            if (edge == null) {
                continue;
            }
            String direction = place.get(i)[0] < place.get(j)[0] ? "in" : "out";
            double[] keyValue = affine(p, "a.key-value", widen(state.get(i)));
            double[] edgeQuery = affine(p, "a.edge-query-" + direction, widen(state.get(j)));
            double logit = 0;
            for (int k = 0; k < c; k++) {
                logit += query[h * c + k] * keyValue[h * c + k];
            }
            for (int k = 0; k < D; k++) {
                logit += edgeQuery[h * D + k] * edge[k];
            }
            weight[i] = Math.exp(logit / Math.sqrt(c));
            total += weight[i];
        }
        for (int i = 0; i < n; i++) {
            if (weight[i] > 0) {
                addMessage(p, heads, h, weight[i] / total, state.get(i), place.get(i), place.get(j), edges, sum);
            }
        }
    }

    private static void addMessage(
            Parameters p,
            int heads,
            int h,
            double weight,
            float[] source,
            int[] from,
            int[] to,
            List<NDArray> edges,
            double[] sum) {
        int c = D / heads;
        double[] keyValue = affine(p, "a.key-value", widen(source));
        for (int k = 0; k < c; k++) {
            sum[h * c + k] += weight * keyValue[D + h * c + k];
        }
        float[] edge = edge(edges, from, to);
        float[] u = p.get("a.edge-value-" + (from[0] < to[0] ? "in" : "out") + ".weight")
                .toFloatArray();
        for (int o = 0; o < D; o++) {
            for (int k = 0; k < D; k++) {
                sum[o] += weight * u[o * heads * D + h * D + k] * edge[k];
            }
        }
    }

    private static float[] edge(List<NDArray> edges, int[] a, int[] b) {
        if (Math.abs(a[0] - b[0]) != 1) {
            return null;
        }
        int[] lower = a[0] < b[0] ? a : b;
        int[] upper = a[0] < b[0] ? b : a;
        return edges.get(lower[0]).get(0).get(upper[1]).get(lower[1]).toFloatArray();
    }

    private static double[] affine(Parameters p, String name, double[] x) {
        float[] w = p.get(name + ".weight").toFloatArray();
        float[] b = p.get(name + ".bias").toFloatArray();
        double[] y = new double[b.length];
        for (int o = 0; o < y.length; o++) {
            y[o] = b[o];
            for (int k = 0; k < x.length; k++) {
                y[o] += w[o * x.length + k] * x[k];
            }
        }
        return y;
    }

    private static double[] widen(float[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = x[i];
        }
        return y;
    }

    private NDArray gaussian(long seed, Shape shape) {
        return manager.create(new Seed(seed).gaussian((int) shape.size()), shape)
                .mul(0.5f);
    }
}
