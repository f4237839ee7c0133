package dev.zooflow.eval;

import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Groups of networks that cost nothing to make from a zoo; a generator is worth something where it beats them at
 * comparable distance from the training networks. Soups, interpolations and Gaussians are made in the coordinates of
 * {@link AlignedZoo}, the ones in which distances are measured.
 *
 * <p>Legend: n networks of a group, N training networks, K coordinates.
 */
final class Baselines {

    private static final int SOUP = 16;

    private final AlignedZoo zoo;
    private final LayerLayout layout;
    private final int n;
    private final Seed seed;

    /** Makes groups of n networks. */
    Baselines(AlignedZoo zoo, int n, Seed seed) {
        this.zoo = zoo;
        this.layout = LayerLayout.of(zoo.training().architecture());
        this.n = n;
        this.seed = seed;
    }

    /**
     * Training networks plus Gaussian noise.
     *
     * @param level standard deviation of the noise on the weights and biases of a layer, as a multiple of the root mean
     *     square of the network's weights in that layer
     */
    WeightBatch noise(double level) {
        Seed own = seed.child("noise-" + level);
        WeightBatch base = zoo.training()
                .select(own.generator().ints(n, 0, zoo.training().size()).toArray());
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

    /**
     * Means of 16 aligned training networks each, of different trajectories as far as there are enough (Wortsman et al.,
     * ICML 2022).
     */
    WeightBatch soup() {
        float[] z = new float[n * zoo.size()];
        for (int i = 0; i < n; i++) {
            int[] rows = apart(seed.child("soup").child(i), SOUP);
            for (int row : rows) {
                addScaled(z, i, row, 1f / rows.length);
            }
        }
        return zoo.networks(z);
    }

    /** Points on the segment between two aligned training networks of different trajectories, at a uniform place. */
    WeightBatch interpolation() {
        RandomGenerator random = seed.child("interpolation").generator();
        float[] z = new float[n * zoo.size()];
        for (int i = 0; i < n; i++) {
            int[] rows = apart(seed.child("interpolation").child(i), 2);
            float alpha = random.nextFloat();
            addScaled(z, i, rows[0], alpha);
            addScaled(z, i, rows[rows.length - 1], 1 - alpha);
        }
        return zoo.networks(z);
    }

    /** Independent Gaussians with the mean and the standard deviation of each coordinate. */
    WeightBatch gaussian() {
        float[] x = zoo.trainingCoordinates();
        int size = zoo.size();
        double[] mean = new double[size];
        double[] variance = new double[size];
        int rows = x.length / size;
        for (int k = 0; k < x.length; k++) {
            mean[k % size] += x[k] / (double) rows;
        }
        for (int k = 0; k < x.length; k++) {
            double d = x[k] - mean[k % size];
            variance[k % size] += d * d / (rows - 1);
        }
        float[] z = seed.child("gaussian").gaussian(n * size);
        for (int k = 0; k < z.length; k++) {
            z[k] = (float) (mean[k % size] + Math.sqrt(variance[k % size]) * z[k]);
        }
        return zoo.networks(z);
    }

    /**
     * One Gaussian with the mean and the covariance of the coordinates, so that no two of them lose what they have in common:
     * z = m + Σ_j ε_j (z_j − m)/√J over the last networks z_j of J trajectories, ε_j standard normal. Its samples lie in the
     * affine span of those networks.
     */
    WeightBatch jointGaussian() {
        int[] last = lastOfTrajectories();
        int size = zoo.size();
        float[] mean = new float[size];
        for (int row : last) {
            addScaled(mean, 0, row, 1f / last.length);
        }
        float[] epsilon = seed.child("joint-gaussian").gaussian(n * last.length);
        float[] z = new float[n * size];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int j = 0; j < last.length; j++) {
                float factor = (float) (epsilon[i * last.length + j] / Math.sqrt(last.length));
                addScaled(z, i, last[j], factor);
                sum += factor;
            }
            for (int k = 0; k < size; k++) {
                z[i * size + k] += (float) ((1 - sum) * mean[k]);
            }
        }
        return zoo.networks(z);
    }

    private int[] lastOfTrajectories() {
        int[] trajectory = zoo.trajectory();
        return IntStream.range(0, trajectory.length)
                .filter(row -> row + 1 == trajectory.length || trajectory[row + 1] != trajectory[row])
                .toArray();
    }

    /** The nearest training network of each network of a group: what a perfect copier would return. */
    WeightBatch retrieval(WeightBatch group) {
        return zoo.training()
                .select(zoo.distance().nearest(zoo.coordinates(group)).index());
    }

    /** Networks as they are initialised: every weight from N(0, std²). */
    WeightBatch source(double std) {
        float[] theta = seed.child("source").gaussian(n * layout.size());
        for (int k = 0; k < theta.length; k++) {
            theta[k] *= (float) std;
        }
        return new WeightBatch(layout.architecture(), theta);
    }

    private void addScaled(float[] z, int network, int row, float factor) {
        int size = zoo.size();
        for (int k = 0; k < size; k++) {
            z[network * size + k] += factor * zoo.trainingCoordinates()[row * size + k];
        }
    }

    // Rows drawn without repetition, of different trajectories first; fewer if the zoo is smaller than that.
    private int[] apart(Seed own, int count) {
        int[] trajectory = zoo.trajectory();
        List<Integer> rows = IntStream.range(0, trajectory.length).boxed().collect(Collectors.toList());
        Collections.shuffle(rows, new Random(own.value()));
        Set<Integer> seen = new HashSet<>();
        List<Integer> chosen = new ArrayList<>();
        List<Integer> more = new ArrayList<>();
        for (int row : rows) {
            (seen.add(trajectory[row]) ? chosen : more).add(row);
        }
        chosen.addAll(more);
        return Arrays.copyOf(chosen.stream().mapToInt(Integer::intValue).toArray(), Math.min(count, chosen.size()));
    }
}
