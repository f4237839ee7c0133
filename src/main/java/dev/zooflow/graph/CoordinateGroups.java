package dev.zooflow.graph;

import dev.zooflow.graph.LayerLayout.Layer;
import java.util.Arrays;

/**
 * A division of the coordinates of weight space that permutations of hidden neurons leave unchanged, so that one scale per
 * group keeps a map equivariant.
 *
 * <p>Layouts of equal inputs, outputs and depth have the same groups in the same order, whatever their hidden widths.
 *
 * <p>Legend: D weights, P ≥ D coordinates.
 *
 * @param of the group of each coordinate, [P]
 * @param count number of groups
 */
public record CoordinateGroups(int[] of, int count) {

    /**
     * The finest division, orbits: all weights from one input to the first hidden layer, all weights to one output, all
     * biases of a hidden layer, all weights between two hidden layers. An output bias and a global coordinate are alone.
     *
     * @param size P
     */
    public static CoordinateGroups orbits(LayerLayout layout, int size) {
        int[] of = new int[size];
        int next = 0;
        for (Layer layer : layout.layers()) {
            int rows = layer.equals(layout.last()) ? layer.fanOut() : 1;
            int columns = layer.index() == 1 ? layer.fanIn() : 1;
            for (int w = 0; w < layer.weights(); w++) {
                int row = w / layer.fanIn() % rows;
                of[layer.weightOffset() + w] = next + row * columns + w % layer.fanIn() % columns;
            }
            next += rows * columns;
            for (int j = 0; j < layer.fanOut(); j++) {
                of[layer.biasOffset() + j] = next + j % rows;
            }
            next += rows;
        }
        return withGlobals(layout, of, next);
    }

    /**
     * Blocks: all weights of a layer, all biases of a layer; a global coordinate is alone. Each is a range of coordinates. Fewer
     * coordinates than weights belong to no layer and are one block.
     *
     * @param size P, or less than D
     */
    public static CoordinateGroups blocks(LayerLayout layout, int size) {
        if (size < layout.size()) {
            return single(size);
        }
        int[] of = new int[size];
        int next = 0;
        for (Layer layer : layout.layers()) {
            Arrays.fill(of, layer.weightOffset(), layer.biasOffset(), next++);
            Arrays.fill(of, layer.biasOffset(), layer.end(), next++);
        }
        return withGlobals(layout, of, next);
    }

    private static CoordinateGroups withGlobals(LayerLayout layout, int[] of, int next) {
        for (int g = layout.size(); g < of.length; g++) {
            of[g] = next++;
        }
        return new CoordinateGroups(of, next);
    }

    /** One group of all coordinates, for coordinates that belong to no neuron. */
    public static CoordinateGroups single(int size) {
        return new CoordinateGroups(new int[size], 1);
    }

    /** How many coordinates each group has, [count]. */
    public int[] sizes() {
        int[] sizes = new int[count];
        for (int k : of) {
            sizes[k]++;
        }
        return sizes;
    }

    /** Where each group ends (exclusive), [count]; of {@link #blocks} also where the next begins. */
    public long[] ends() {
        long[] ends = new long[count];
        for (int i = 0; i < of.length; i++) {
            ends[of[i]] = i + 1L;
        }
        return ends;
    }

    /**
     * The mean square of every group's coordinates, [count].
     *
     * @param x [n, P], row-major
     */
    public double[] meanSquare(float[] x) {
        return meanSquare(x, new float[of.length]);
    }

    /**
     * The mean squared difference to a point, [count].
     *
     * @param x [n, P], row-major
     * @param from [P]
     */
    public double[] meanSquare(float[] x, float[] from) {
        double[] sum = new double[count];
        long[] values = new long[count];
        for (int i = 0; i < x.length; i++) {
            int coordinate = i % of.length;
            double v = x[i] - from[coordinate];
            sum[of[coordinate]] += v * v;
            values[of[coordinate]]++;
        }
        for (int k = 0; k < count; k++) {
            sum[k] /= Math.max(1, values[k]);
        }
        return sum;
    }
}
