package dev.zooflow.graph;

import dev.zooflow.graph.LayerLayout.Layer;

/**
 * Which coordinates of weight space permutations of hidden neurons exchange: all weights from one input to the first
 * hidden layer, all weights to one output, all biases of a hidden layer, all weights between two hidden layers. An output
 * bias and a global coordinate are alone. A scale per orbit is the finest that leaves a map equivariant.
 *
 * <p>Layouts of equal inputs, outputs and depth have the same orbits in the same order, whatever their hidden widths.
 *
 * <p>Legend: D weights, P ≥ D coordinates.
 *
 * @param of the orbit of each coordinate, [P]
 * @param count number of orbits
 */
public record Orbits(int[] of, int count) {

    /**
     * The orbits of a layout's weights and of the global coordinates after them.
     *
     * @param size P
     */
    public static Orbits of(LayerLayout layout, int size) {
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
        for (int g = layout.size(); g < size; g++) {
            of[g] = next++;
        }
        return new Orbits(of, next);
    }

    /** One orbit of all coordinates, for coordinates that belong to no neuron. */
    public static Orbits single(int size) {
        return new Orbits(new int[size], 1);
    }

    /**
     * The mean square of every orbit's coordinates, [count].
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
