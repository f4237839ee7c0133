package dev.zooflow.model;

import dev.zooflow.graph.LayerLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reference point and scales that bring every coordinate to order one before the network reads it, and back afterwards;
 * one scale per block (weights of a layer, biases of a layer, global coordinates; all principal components together), so that permutations of neurons leave
 * them unchanged.
 *
 * @param reference [P], the mean of the aligned zoo on the data's manifold: the second input feature
 * @param base [P], what outputs are relative to: the reference where the end point is predicted from it, else zeros
 * @param inputScale [P], root mean square of source and data
 * @param outputScale [P], root mean square of target minus base
 * @param lossWeight [P], sums to 1: the weight of a coordinate's squared residual in units of {@code outputScale}
 * @param noiseScale [P], root mean square of the source
 */
record CoordinateScale(
        float[] reference,
        float[] base,
        float[] inputScale,
        float[] outputScale,
        float[] lossWeight,
        float[] noiseScale) {

    private static final double SMALLEST = 1e-4;

    /**
     * Measures the scales.
     *
     * @param target [n, P], row-major: what the network predicts
     * @param data [n, P], row-major
     * @param source [m, P], row-major
     * @param reference [P]
     * @param base [P]
     */
    static CoordinateScale measure(
            LayerLayout layout,
            int size,
            float[] target,
            float[] data,
            float[] source,
            float[] reference,
            float[] base) {
        float[] input = new float[size];
        float[] output = new float[size];
        float[] weight = new float[size];
        float[] noise = new float[size];
        List<int[]> blocks = blocks(layout, size);
        double total = blocks.stream().mapToDouble(b -> Math.sqrt(b[1] - b[0])).sum();
        for (int[] block : blocks) {
            double sourceSquare = meanSquare(source, size, block, null);
            double dataSquare = meanSquare(data, size, block, null);
            double residualSquare = meanSquare(target, size, block, base);
            int n = block[1] - block[0];
            for (int i = block[0]; i < block[1]; i++) {
                input[i] = (float) Math.max(SMALLEST, Math.sqrt((sourceSquare + dataSquare) / 2));
                output[i] = (float) Math.max(SMALLEST, Math.sqrt(residualSquare));
                noise[i] = (float) Math.sqrt(sourceSquare);
                // Between equal weight per block and equal weight per coordinate.
                weight[i] = (float) (Math.sqrt(n) / total / n);
            }
        }
        return new CoordinateScale(reference, base, input, output, weight, noise);
    }

    /** [P], the weight of a coordinate's squared residual in units of the coordinate itself. */
    float[] squaredLossWeight() {
        float[] w = lossWeight.clone();
        for (int i = 0; i < w.length; i++) {
            w[i] /= outputScale[i] * outputScale[i];
        }
        return w;
    }

    /** First (inclusive) and last (exclusive) coordinate of every block, in order. */
    static List<int[]> blocks(LayerLayout layout, int size) {
        if (size < layout.size()) {
            return List.of(new int[] {0, size});
        }
        List<int[]> blocks = new ArrayList<>();
        for (LayerLayout.Layer layer : layout.layers()) {
            blocks.add(new int[] {layer.weightOffset(), layer.biasOffset()});
            blocks.add(new int[] {layer.biasOffset(), layer.end()});
        }
        for (int i = layout.size(); i < size; i++) {
            blocks.add(new int[] {i, i + 1});
        }
        return blocks;
    }

    static double meanSquare(float[] x, int size, int[] block, float @Nullable [] from) {
        double sum = 0;
        int rows = x.length / size;
        for (int r = 0; r < rows; r++) {
            for (int i = block[0]; i < block[1]; i++) {
                double v = x[r * size + i] - (from == null ? 0 : from[i]);
                sum += v * v;
            }
        }
        return sum / ((double) rows * (block[1] - block[0]));
    }
}
