package dev.zooflow.model;

import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Orbits;
import java.util.ArrayList;
import java.util.List;

/**
 * Reference point and scales that bring every coordinate to order one before the network reads it, and back afterwards;
 * one scale per orbit under permutations of hidden neurons ({@link Orbits}), so that these leave them unchanged; one for all
 * principal components together.
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
        Orbits orbits = size < layout.size() ? Orbits.single(size) : Orbits.of(layout, size);
        double[] sourceSquare = orbits.meanSquare(source);
        double[] dataSquare = orbits.meanSquare(data);
        double[] residualSquare = orbits.meanSquare(target, base);
        float[] input = new float[size];
        float[] output = new float[size];
        float[] noise = new float[size];
        for (int i = 0; i < size; i++) {
            int k = orbits.of()[i];
            input[i] = (float) Math.max(SMALLEST, Math.sqrt((sourceSquare[k] + dataSquare[k]) / 2));
            output[i] = (float) Math.max(SMALLEST, Math.sqrt(residualSquare[k]));
            noise[i] = (float) Math.sqrt(sourceSquare[k]);
        }
        return new CoordinateScale(reference, base, input, output, lossWeight(blocks(layout, size), output), noise);
    }

    // Between equal weight per block and equal weight per coordinate; within a block, between that of plain squares and
    // that
    // of squares in units of the scale.
    private static float[] lossWeight(List<int[]> blocks, float[] output) {
        float[] weight = new float[output.length];
        double total = blocks.stream().mapToDouble(b -> Math.sqrt(b[1] - b[0])).sum();
        for (int[] block : blocks) {
            double sum = 0;
            for (int i = block[0]; i < block[1]; i++) {
                sum += output[i];
            }
            double share = Math.sqrt(block[1] - block[0]) / total;
            for (int i = block[0]; i < block[1]; i++) {
                weight[i] = (float) (share * output[i] / sum);
            }
        }
        return weight;
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
}
