package dev.zooflow.model;

import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.graph.CoordinateGroups;
import dev.zooflow.graph.LayerLayout;
import java.util.Arrays;

/**
 * Reference point and scales that bring every coordinate to order one before the network reads it, and back afterwards;
 * one scale per group of coordinates.
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
            BackboneSpec backbone,
            LayerLayout layout,
            float[] target,
            float[] data,
            float[] source,
            float[] reference,
            float[] base) {
        int size = reference.length;
        CoordinateGroups groups = groups(backbone, layout, size);
        double[] sourceSquare = groups.meanSquare(source);
        double[] dataSquare = groups.meanSquare(data);
        double[] residualSquare = groups.meanSquare(target, base);
        float[] input = new float[size];
        float[] output = new float[size];
        float[] noise = new float[size];
        for (int i = 0; i < size; i++) {
            int k = groups.of()[i];
            input[i] = (float) Math.max(SMALLEST, Math.sqrt((sourceSquare[k] + dataSquare[k]) / 2));
            output[i] = (float) Math.max(SMALLEST, Math.sqrt(residualSquare[k]));
            noise[i] = (float) Math.sqrt(sourceSquare[k]);
        }
        return new CoordinateScale(
                reference, base, input, output, lossWeight(CoordinateGroups.blocks(layout, size), output), noise);
    }

    /**
     * Which coordinates have a scale in common: a backbone with parameters of its own for every weight of a neuron is given
     * all of them in the same size; one that treats all weights of a layer alike sees how large they are beside each other.
     */
    static CoordinateGroups groups(BackboneSpec backbone, LayerLayout layout, int size) {
        return backbone.kind() == BackboneSpec.Kind.NEURON_TRANSFORMER && size >= layout.size()
                ? CoordinateGroups.orbits(layout, size)
                : CoordinateGroups.blocks(layout, size);
    }

    // Among blocks between equal weight per block and equal weight per coordinate; within a block between plain
    // squares and squares in units of the scale.
    private static float[] lossWeight(CoordinateGroups blocks, float[] output) {
        int[] sizes = blocks.sizes();
        double total = Arrays.stream(sizes).mapToDouble(Math::sqrt).sum();
        double[] sum = new double[blocks.count()];
        for (int i = 0; i < output.length; i++) {
            sum[blocks.of()[i]] += output[i];
        }
        float[] weight = new float[output.length];
        for (int i = 0; i < output.length; i++) {
            int k = blocks.of()[i];
            weight[i] = (float) (Math.sqrt(sizes[k]) / total * output[i] / sum[k]);
        }
        return weight;
    }

    /** [P], the weight of a coordinate's squared residual in units of the coordinate itself. */
    float[] squaredLossWeight() {
        float[] w = lossWeight.clone();
        for (int i = 0; i < w.length; i++) {
            w[i] /= outputScale[i] * outputScale[i];
        }
        return w;
    }
}
