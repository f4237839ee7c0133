package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.graph.Permutations;
import dev.zooflow.transport.LinearAssignment;
import dev.zooflow.transport.Sinkhorn;
import java.util.ArrayList;
import java.util.List;

/**
 * Relaxed permutations of the hidden neurons of m networks: a doubly stochastic matrix P_l for each hidden layer, the
 * image of learnable logits under Sinkhorn's operator.
 *
 * <p>Legend: m networks, d neurons of a layer, D parameters, S the sum of d² over hidden layers. Row k of P_l says which
 * old neurons become neuron k.
 *
 * @param layout of the networks
 * @param logits [m, S], layer after layer, each row-major
 */
record SoftPermutations(LayerLayout layout, NDArray logits) {

    /** S. */
    static int size(LayerLayout layout) {
        return layout.architecture().hidden().stream().mapToInt(d -> d * d).sum();
    }

    /**
     * The moved weights W_l → P_l W_l P_{l-1}ᵀ, b_l → P_l b_l; differentiable in the logits.
     *
     * @param theta [m, D]
     * @param iterations of Sinkhorn's operator
     * @return [m, D]
     */
    NDArray apply(NDArray theta, int iterations) {
        List<NDArray> p = byLayer().stream()
                .map(x -> Sinkhorn.balance(x, iterations).exp())
                .toList();
        NDList moved = new NDList();
        for (Layer layer : layout.layers()) {
            NDArray w = theta.get(":, {}:{}", layer.weightOffset(), layer.biasOffset())
                    .reshape(-1, layer.fanOut(), layer.fanIn());
            NDArray b = theta.get(":, {}:{}", layer.biasOffset(), layer.end());
            if (layer.index() > 1) {
                w = w.batchMatMul(p.get(layer.index() - 2).transpose(0, 2, 1));
            }
            if (layer.index() < layout.layers().size()) {
                NDArray own = p.get(layer.index() - 1);
                w = own.batchMatMul(w);
                b = own.batchMatMul(b.expandDims(2)).squeeze(2);
            }
            moved.add(w.reshape(-1, layer.weights()));
            moved.add(b);
        }
        return NDArrays.concat(moved, 1);
    }

    /** The permutations nearest to the relaxed ones: those of largest total logit, which Sinkhorn's scaling leaves so. */
    Permutations harden() {
        int m = Math.toIntExact(logits.getShape().get(0));
        int[][][] maps = new int[m][layout.hiddenLayers().size()][];
        List<NDArray> layers = byLayer();
        for (int l = 0; l < layers.size(); l++) {
            int[][] best = LinearAssignment.maximiseAll(
                    layers.get(l).toFloatArray(), layout.architecture().hidden().get(l));
            for (int i = 0; i < m; i++) {
                maps[i][l] = best[i];
            }
        }
        return new Permutations(maps);
    }

    private List<NDArray> byLayer() {
        List<NDArray> layers = new ArrayList<>();
        int from = 0;
        for (int d : layout.architecture().hidden()) {
            layers.add(logits.get(":, {}:{}", from, from + d * d).reshape(-1, d, d));
            from += d * d;
        }
        return layers;
    }
}
