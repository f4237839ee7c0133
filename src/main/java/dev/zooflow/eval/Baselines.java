package dev.zooflow.eval;

import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Groups of networks that cost nothing to make from a zoo; a generator is worth something where it beats them at
 * comparable distance from the training networks.
 *
 * <p>Legend: n networks of a group, N training networks, D parameters.
 */
final class Baselines {

    private static final int SOUP = 16;

    private final AlignedZoo zoo;
    private final LayerLayout layout;
    private final int n;
    private final Seed seed;

    Baselines(AlignedZoo zoo, int n, Seed seed) {
        this.zoo = zoo;
        this.layout = LayerLayout.of(zoo.raw().architecture());
        this.n = n;
        this.seed = seed;
    }

    /**
     * Training networks plus Gaussian noise.
     *
     * @param level standard deviation of the noise, as a multiple of the root mean square of the network's weights of each
     *     layer (for biases: of that layer's weights)
     */
    WeightBatch noise(double level) {
        Seed own = seed.child("noise-" + level);
        WeightBatch base = zoo.raw().select(indices(own, n));
        float[] theta = base.theta().clone();
        float[] gaussian = own.child("gaussian").gaussian(theta.length);
        for (int i = 0; i < n; i++) {
            for (LayerLayout.Layer layer : layout.layers()) {
                int from = i * layout.size() + layer.weightOffset();
                double scale = level * rootMeanSquare(base.theta(), from, layer.weights());
                for (int k = from; k < i * layout.size() + layer.end(); k++) {
                    theta[k] += (float) (scale * gaussian[k]);
                }
            }
        }
        return new WeightBatch(layout.architecture(), theta);
    }

    private static double rootMeanSquare(float[] x, int from, int length) {
        double sum = 0;
        for (int k = from; k < from + length; k++) {
            sum += (double) x[k] * x[k];
        }
        return Math.sqrt(sum / length);
    }

    /** Means of 16 aligned training networks each (Wortsman et al., ICML 2022). */
    WeightBatch soup() {
        Seed own = seed.child("soup");
        float[] theta = new float[n * layout.size()];
        for (int i = 0; i < n; i++) {
            for (int row : indices(own.child(i), SOUP)) {
                addScaled(theta, i, row, 1f / SOUP);
            }
        }
        return new WeightBatch(layout.architecture(), theta);
    }

    /** Points on the segment between two aligned training networks, at a uniform place. */
    WeightBatch interpolation() {
        RandomGenerator random = seed.child("interpolation").generator();
        float[] theta = new float[n * layout.size()];
        for (int i = 0; i < n; i++) {
            float alpha = random.nextFloat();
            addScaled(theta, i, random.nextInt(zoo.aligned().size()), alpha);
            addScaled(theta, i, random.nextInt(zoo.aligned().size()), 1 - alpha);
        }
        return new WeightBatch(layout.architecture(), theta);
    }

    /** Independent Gaussians with the mean and variance of each aligned weight. */
    WeightBatch gaussian() {
        float[] x = zoo.aligned().theta();
        int d = layout.size();
        int rows = zoo.aligned().size();
        float[] theta = seed.child("gaussian").gaussian(n * d);
        for (int k = 0; k < d; k++) {
            double[] column = new double[rows];
            for (int r = 0; r < rows; r++) {
                column[r] = x[r * d + k];
            }
            double mean = Statistics.mean(column);
            double std = Statistics.std(column);
            for (int i = 0; i < n; i++) {
                theta[i * d + k] = (float) (mean + std * theta[i * d + k]);
            }
        }
        return new WeightBatch(layout.architecture(), theta);
    }

    /** The nearest training network of each network of a group: what a perfect copier would return. */
    WeightBatch retrieval(WeightBatch group) {
        int[] nobody = new int[group.size()];
        Arrays.fill(nobody, -1);
        return zoo.raw()
                .select(zoo.distance().nearest(zoo.coordinates(group), nobody).index());
    }

    private void addScaled(float[] theta, int network, int row, float factor) {
        int d = layout.size();
        float[] x = zoo.aligned().theta();
        for (int k = 0; k < d; k++) {
            theta[network * d + k] += factor * x[row * d + k];
        }
    }

    private int[] indices(Seed own, int count) {
        return own.generator().ints(count, 0, zoo.raw().size()).toArray();
    }
}
