package dev.zooflow.bench;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.ZooAlignment;
import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;

/** Alignment of a zoo: noisy copies of one network, the neurons of each in a random order. */
final class AlignBench implements Benchmark {

    // As a share of the weights' standard deviation.
    private static final float NOISE = 0.3f;

    private final LayerLayout layout;
    private final WeightBatch zoo;

    AlignBench(BenchConfig config, int batch) {
        Architecture architecture = config.architecture();
        this.layout = LayerLayout.of(architecture);
        Seed seed = new Seed(1);
        int size = layout.size();
        float[] one = seed.child("network").gaussian(size);
        float[] theta = seed.child("noise").gaussian(Math.multiplyExact(batch, size));
        for (int i = 0; i < theta.length; i++) {
            theta[i] = one[i % size] + NOISE * theta[i];
        }
        this.zoo = shuffled(batch, seed.child("permutations").generator())
                .apply(layout, new WeightBatch(architecture, theta));
    }

    private Permutations shuffled(int n, RandomGenerator random) {
        Permutations permutations = Permutations.identity(layout, n);
        for (int[][] network : permutations.maps()) {
            for (int[] map : network) {
                for (int k = map.length - 1; k > 0; k--) {
                    int other = random.nextInt(k + 1);
                    int index = map[k];
                    map[k] = map[other];
                    map[other] = index;
                }
            }
        }
        return permutations;
    }

    @Override
    public void step() {
        ZooAlignment.align(layout, zoo, new Seed(2));
    }

    @Override
    public int batch() {
        return zoo.size();
    }

    /** Of the first pass alone, matching by incoming weights; how many more are needed depends on the networks. */
    @Override
    public double gflop() {
        double perNetwork = layout.hiddenLayers().stream()
                .mapToDouble(layer -> 2.0 * layer.fanOut() * layer.fanOut() * (layer.fanIn() + 1))
                .sum();
        return perNetwork * zoo.size() / 1e9;
    }

    @Override
    public void close() {}
}
