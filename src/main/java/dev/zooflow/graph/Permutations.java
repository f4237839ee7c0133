package dev.zooflow.graph;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One permutation of the neurons of every hidden layer, for each of n networks: W_l → P W_l, b_l → P b_l,
 * W_{l+1} → W_{l+1} Pᵀ. It leaves the network's function unchanged.
 *
 * @param maps [n][L-1][d_l]; {@code maps[i][l-1][k]} is the old index of the neuron that becomes neuron k of hidden layer
 *     l of network i; treated as immutable
 */
public record Permutations(int[][][] maps) {

    /** The permutations that change nothing. */
    public static Permutations identity(LayerLayout layout, int n) {
        int[][][] maps = new int[n][][];
        for (int i = 0; i < n; i++) {
            maps[i] = layout.architecture().hidden().stream()
                    .map(Permutations::range)
                    .toArray(int[][]::new);
        }
        return new Permutations(maps);
    }

    /** n. */
    public int size() {
        return maps.length;
    }

    /** The permutations that undo these. */
    public Permutations inverse() {
        int[][][] out = new int[maps.length][][];
        for (int i = 0; i < maps.length; i++) {
            out[i] = new int[maps[i].length][];
            for (int l = 0; l < maps[i].length; l++) {
                out[i][l] = new int[maps[i][l].length];
                for (int k = 0; k < maps[i][l].length; k++) {
                    out[i][l][maps[i][l][k]] = k;
                }
            }
        }
        return new Permutations(out);
    }

    /**
     * The permuted weights; differentiable.
     *
     * @param theta [n, D]
     * @return [n, D]
     */
    public NDArray apply(LayerLayout layout, NDArray theta) {
        int size = layout.size();
        long[] index = new long[maps.length * size];
        for (int i = 0; i < maps.length; i++) {
            writeIndex(layout, maps[i], index, i * size);
        }
        NDArray at = theta.getManager().create(index, new Shape(maps.length, size));
        return theta.gather(at, 1);
    }

    /** The permuted weights, in Java memory. */
    public WeightBatch apply(LayerLayout layout, WeightBatch networks) {
        int size = layout.size();
        float[] out = new float[maps.length * size];
        IntStream.range(0, maps.length).parallel().forEach(i -> {
            long[] index = new long[size];
            writeIndex(layout, maps[i], index, 0);
            for (int k = 0; k < size; k++) {
                out[i * size + k] = networks.theta()[i * size + (int) index[k]];
            }
        });
        return new WeightBatch(networks.architecture(), out);
    }

    private static void writeIndex(LayerLayout layout, int[][] map, long[] index, int base) {
        for (LayerLayout.Layer layer : layout.layers()) {
            int[] in = layer.index() == 1 ? range(layer.fanIn()) : map[layer.index() - 2];
            int[] out = layer.index() == layout.layers().size() ? range(layer.fanOut()) : map[layer.index() - 1];
            for (int k = 0; k < layer.fanOut(); k++) {
                int row = layer.weightOffset() + out[k] * layer.fanIn();
                int target = base + layer.weightOffset() + k * layer.fanIn();
                for (int j = 0; j < layer.fanIn(); j++) {
                    index[target + j] = row + in[j];
                }
                index[base + layer.biasOffset() + k] = layer.biasOffset() + out[k];
            }
        }
    }

    private static int[] range(int n) {
        int[] out = new int[n];
        Arrays.setAll(out, k -> k);
        return out;
    }
}
