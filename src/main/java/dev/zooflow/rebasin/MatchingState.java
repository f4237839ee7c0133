package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.tensor.Torch;
import dev.zooflow.transport.LinearAssignment;
import java.util.ArrayList;
import java.util.List;

/**
 * Some networks on their way to alignment: their weights by layer and the permutations found so far.
 *
 * <p>Legend: m networks, d neurons of the layer at hand, j a neuron of a network in its own numbering, k a neuron of
 * the reference. {@code maps[i][l-1][k]} is the j that stands at k.
 */
final class MatchingState {

    // A gain must exceed this share of the matched profits to be more than rounding of single precision.
    private static final double SIGNIFICANT = 1e-6;

    private final LayerLayout layout;
    private final List<NDArray> referenceWeights;
    private final List<NDArray> referenceBiases;
    private final List<NDArray> weights;
    private final List<NDArray> biases;
    private final int[][][] maps;

    /**
     * Views into {@code reference} [1, D], or [m, D] with one for each network, and {@code theta} [m, D], which must
     * outlive this; {@code maps} is written to, one layer's array replaced at a time.
     */
    MatchingState(LayerLayout layout, NDArray reference, NDArray theta, int[][][] maps) {
        this.layout = layout;
        this.maps = maps;
        referenceWeights = new ArrayList<>();
        referenceBiases = new ArrayList<>();
        weights = new ArrayList<>();
        biases = new ArrayList<>();
        for (Layer layer : layout.layers()) {
            referenceWeights.add(weights(layer, reference));
            referenceBiases.add(reference.get(":, {}:{}", layer.biasOffset(), layer.end()));
            weights.add(weights(layer, theta));
            biases.add(theta.get(":, {}:{}", layer.biasOffset(), layer.end()).expandDims(2));
        }
    }

    private static NDArray weights(Layer layer, NDArray theta) {
        return theta.get(":, {}:{}", layer.weightOffset(), layer.biasOffset())
                .reshape(-1, layer.fanOut(), layer.fanIn());
    }

    /**
     * Matches hidden layer l by its incoming weights and biases alone, and by its outgoing weights if these lead to the
     * outputs; accepts every result. Layer l-1 must have been matched.
     */
    void matchForward(int l) {
        try (NDManager manager = weights.get(0).getManager().newSubManager()) {
            NDArray profit = incoming(manager, l);
            NDArray known = l == layout.layers().size() - 1 ? profit.add(outgoing(manager, l)) : profit;
            int[][] rows = LinearAssignment.maximiseAll(known.toFloatArray(), width(l));
            for (int i = 0; i < maps.length; i++) {
                maps[i][l - 1] = inverse(rows[i]);
            }
        }
    }

    /**
     * Matches hidden layer l while all others stay as they are, and marks the networks in which that gains something.
     */
    void rematch(int l, boolean[] improved) {
        try (NDManager manager = weights.get(0).getManager().newSubManager()) {
            float[] profit = incoming(manager, l).add(outgoing(manager, l)).toFloatArray();
            int[][] rows = LinearAssignment.maximiseAll(profit, width(l));
            for (int i = 0; i < maps.length; i++) {
                int[] candidate = inverse(rows[i]);
                if (gains(profit, i, maps[i][l - 1], candidate)) {
                    maps[i][l - 1] = candidate;
                    improved[i] = true;
                }
            }
        }
    }

    private static boolean gains(float[] profit, int network, int[] current, int[] candidate) {
        int d = current.length;
        int base = network * d * d;
        double gain = 0;
        double scale = 0;
        for (int k = 0; k < d; k++) {
            double value = profit[base + candidate[k] * d + k];
            gain += value - profit[base + current[k] * d + k];
            scale += Math.abs(value);
        }
        return gain > SIGNIFICANT * scale;
    }

    // [m, j, k]: ⟨row j of W_l, row k of the reference⟩ + b_j b_k, columns of W_l permuted like layer l-1.
    private NDArray incoming(NDManager manager, int l) {
        NDArray own = Torch.borrow(manager, weights.get(l - 1));
        NDArray rows = l == 1 ? own : own.gather(index(manager, l - 1, 1, width(l)), 2);
        NDArray reference = referenceBiases.get(l - 1).expandDims(1);
        NDArray products = product(rows, referenceWeights.get(l - 1).transpose(0, 2, 1));
        return products.add(Torch.borrow(manager, biases.get(l - 1)).mul(reference));
    }

    // [m, j, k]: ⟨column j of W_{l+1}, column k of the reference⟩, rows of W_{l+1} permuted like layer l+1.
    private NDArray outgoing(NDManager manager, int l) {
        NDArray own = Torch.borrow(manager, weights.get(l));
        boolean toOutputs = l + 1 == layout.layers().size();
        NDArray columns = toOutputs ? own : own.gather(index(manager, l + 1, 2, width(l)), 1);
        return product(columns.transpose(0, 2, 1), referenceWeights.get(l));
    }

    // [m, j, i] times [m, i, k]; where all networks have one reference, a single product instead of m.
    private static NDArray product(NDArray own, NDArray reference) {
        if (reference.getShape().get(0) > 1) {
            return own.batchMatMul(reference);
        }
        Shape shape = own.getShape();
        return own.reshape(-1, shape.get(2))
                .matMul(reference.squeeze(0))
                .reshape(shape.get(0), shape.get(1), reference.getShape().get(2));
    }

    // The permutation of layer l as an index along one axis, the same for all `copies` of the other.
    private NDArray index(NDManager manager, int l, int copyAxis, int copies) {
        int d = width(l);
        long[] flat = new long[maps.length * d];
        for (int i = 0; i < maps.length; i++) {
            for (int k = 0; k < d; k++) {
                flat[i * d + k] = maps[i][l - 1][k];
            }
        }
        NDArray index = manager.create(flat, new Shape(maps.length, d)).expandDims(copyAxis);
        return index.broadcast(copyAxis == 1 ? new Shape(maps.length, copies, d) : new Shape(maps.length, d, copies));
    }

    private int width(int l) {
        return layout.layers().get(l - 1).fanOut();
    }

    private static int[] inverse(int[] permutation) {
        int[] out = new int[permutation.length];
        for (int j = 0; j < out.length; j++) {
            out[permutation[j]] = j;
        }
        return out;
    }
}
