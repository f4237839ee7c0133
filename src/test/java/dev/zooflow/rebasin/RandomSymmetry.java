package dev.zooflow.rebasin;

import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.NeuronScaling;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random elements of the symmetry group of an architecture, one for each of n networks. */
public final class RandomSymmetry {

    private RandomSymmetry() {}

    /** Uniformly random permutations. */
    public static Permutations permutations(LayerLayout layout, int n, Seed seed) {
        RandomGenerator random = seed.child("permutations").generator();
        int[][][] maps = new int[n][][];
        for (int i = 0; i < n; i++) {
            maps[i] = hidden(layout).stream()
                    .map(width -> shuffled(random, width))
                    .toArray(int[][]::new);
        }
        return new Permutations(maps);
    }

    /** Factors exp(g) with standard normal g. */
    static NeuronScaling scaling(LayerLayout layout, int n, Seed seed) {
        RandomGenerator random = seed.child("scaling").generator();
        float[][][] factors = new float[n][][];
        for (int i = 0; i < n; i++) {
            factors[i] =
                    hidden(layout).stream().map(width -> factors(random, width)).toArray(float[][]::new);
        }
        return new NeuronScaling(factors);
    }

    private static List<Integer> hidden(LayerLayout layout) {
        return layout.architecture().hidden();
    }

    private static float[] factors(RandomGenerator random, int n) {
        float[] out = new float[n];
        for (int k = 0; k < n; k++) {
            out[k] = (float) Math.exp(random.nextGaussian());
        }
        return out;
    }

    private static int[] shuffled(RandomGenerator random, int n) {
        int[] out = new int[n];
        for (int k = 0; k < n; k++) {
            int at = random.nextInt(k + 1);
            out[k] = out[at];
            out[at] = k;
        }
        return out;
    }
}
