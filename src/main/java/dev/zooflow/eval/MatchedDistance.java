package dev.zooflow.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.WeightMatching;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;

/**
 * Distances to the training networks up to permutations of neurons. All networks are aligned to one reference, which a
 * little noise can bring into another order of neurons than the network it was added to, most of all in deep networks:
 * what comes close is therefore matched once more, network to network.
 *
 * <p>Legend: n networks, K coordinates of which the first D are compared, p pairs of a network and a candidate.
 *
 * @param layout of the D coordinates
 * @param aligned distances as the networks are
 * @param seed of the order in which layers are matched
 */
record MatchedDistance(LayerLayout layout, WeightDistance aligned, Seed seed) {

    private static final WeightMatching MATCHING = new WeightMatching(20);

    // Bounds the coordinates held at a time to some 100 MB.
    private static final int PAIRED_VALUES = 8_000_000;

    /** The nearest training networks of networks with coordinates [n, K]. */
    WeightDistance.Nearest nearest(float[] networks) {
        return nearest(networks, WeightDistance.nobody(networks.length / aligned.size()));
    }

    /**
     * The nearest training networks of other trajectories.
     *
     * @param networks [n, K]
     * @param excluded [n], the trajectory whose networks do not count, or −1
     * @throws IllegalArgumentException if a network has no training network left
     */
    WeightDistance.Nearest nearest(float[] networks, int[] excluded) {
        WeightDistance.Nearest found = aligned.nearest(networks, excluded);
        if (layout.hiddenLayers().isEmpty()) {
            return found;
        }
        double[][] matched = new double[excluded.length][];
        int atOnce = Math.max(1, PAIRED_VALUES / (layout.size() * WeightDistance.CANDIDATES));
        for (int from = 0; from < excluded.length; from += atOnce) {
            int to = Math.min(excluded.length, from + atOnce);
            double[][] some = matched(networks, from, Arrays.copyOfRange(found.candidates(), from, to));
            System.arraycopy(some, 0, matched, from, some.length);
        }
        return found.with(matched);
    }

    // [c][candidates of each], the distances of the networks from a row on to their candidates once matched to them.
    private double[][] matched(float[] networks, int from, int[][] candidates) {
        int pairs = Arrays.stream(candidates).mapToInt(c -> c.length).sum();
        float[] own = new float[pairs * layout.size()];
        float[] theirs = new float[pairs * layout.size()];
        int pair = 0;
        for (int i = 0; i < candidates.length; i++) {
            for (int candidate : candidates[i]) {
                copy(networks, from + i, own, pair);
                copy(aligned.training(), candidate, theirs, pair);
                pair++;
            }
        }
        double[] distance = matched(own, theirs, pairs);
        double[][] out = new double[candidates.length][];
        pair = 0;
        for (int i = 0; i < candidates.length; i++) {
            out[i] = Arrays.copyOfRange(distance, pair, pair + candidates[i].length);
            pair += candidates[i].length;
        }
        return out;
    }

    private void copy(float[] coordinates, int row, float[] pairs, int pair) {
        System.arraycopy(coordinates, row * aligned.size(), pairs, pair * layout.size(), layout.size());
    }

    // [p]: the shorter of what a matching of its own reaches and of what one reaches that starts from the alignment.
    private double[] matched(float[] own, float[] theirs, int pairs) {
        WeightBatch networks = new WeightBatch(layout.architecture(), own);
        try (NDManager manager = Torch.manager()) {
            NDArray reference = Torch.array(manager, theirs, new Shape(pairs, layout.size()));
            NDArray theta = Torch.array(manager, own, new Shape(pairs, layout.size()));
            double[] fresh =
                    distances(MATCHING.align(layout, reference, theta, seed).apply(layout, networks), theirs);
            if (layout.hiddenLayers().size() > 1) {
                Permutations start = Permutations.identity(layout, pairs);
                Permutations refined = MATCHING.refine(layout, reference, theta, start, seed);
                double[] other = distances(refined.apply(layout, networks), theirs);
                Arrays.setAll(fresh, p -> Math.min(fresh[p], other[p]));
            }
            return fresh;
        }
    }

    private double[] distances(WeightBatch networks, float[] theirs) {
        double[] distance = new double[networks.size()];
        for (int p = 0; p < distance.length; p++) {
            double sum = 0;
            for (int k = p * layout.size(); k < (p + 1) * layout.size(); k++) {
                double d = (double) networks.theta()[k] - theirs[k];
                sum += d * d;
            }
            distance[p] = Math.sqrt(sum);
        }
        return distance;
    }
}
