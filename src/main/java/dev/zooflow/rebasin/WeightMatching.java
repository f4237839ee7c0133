package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Weight matching: the neuron permutations that bring each of many networks as close to one reference as coordinate
 * descent can (Ainsworth et al. 2023, "Git Re-Basin", algorithm 1).
 *
 * <p>Maximises Σ_l ⟨W_l^ref, P_l W_l P_{l-1}ᵀ⟩ + ⟨b_l^ref, P_l b_l⟩, that is, minimises the L2 distance. With all other
 * layers fixed the best P_l is a linear assignment; layers are visited in random order until a whole sweep gains nothing
 * in any network. Unlike the paper, the descent starts from a pass from front to back in which each layer is matched by
 * what is already known (its inputs): that alone recovers a planted permutation, and it never depends on the neurons'
 * initial order.
 *
 * <p>Neuron scalings spoil the profits; match canonical weights ({@link CanonicalForm}) and apply the result to the raw
 * ones. Legend: n networks, D parameters.
 */
public final class WeightMatching {

    // Bounds the values held at a time, in weights and in cost matrices, to some 100 MB.
    private static final long CHUNK_VALUES = 8_000_000;

    private WeightMatching() {}

    /**
     * The permutations that align every network to the reference.
     *
     * @param reference [D]
     * @param theta [n, D]
     * @param seed of the order in which layers are visited
     * @param maxSweeps bound on the sweeps after the first pass; 0 leaves it at that pass
     * @return for {@code theta}, to be applied to it or to weights in the same neuron order
     */
    public static Permutations align(LayerLayout layout, NDArray reference, NDArray theta, Seed seed, int maxSweeps) {
        Permutations start = Permutations.identity(layout, rows(theta));
        // A single hidden layer is matched by all its weights in the first pass: that is the optimum.
        int sweeps = layout.hiddenLayers().size() > 1 ? maxSweeps : 0;
        forEachChunk(layout, reference, theta, (own, from, to) -> {
            int[][][] maps = Arrays.copyOfRange(start.maps(), from, to);
            matchForward(own, maps);
            descend(own, maps, seed, sweeps);
        });
        return start;
    }

    /**
     * Continues the descent from permutations that are already good, as those found for a similar reference.
     *
     * @param reference [D]
     * @param theta [n, D]
     * @param start n permutations for {@code theta}, not changed
     * @param seed of the order in which layers are visited
     * @param maxSweeps bound on the number of sweeps
     * @return for {@code theta}
     */
    public static Permutations refine(
            LayerLayout layout, NDArray reference, NDArray theta, Permutations start, Seed seed, int maxSweeps) {
        int[][][] result = Arrays.stream(start.maps()).map(int[][]::clone).toArray(int[][][]::new);
        forEachChunk(
                layout,
                reference,
                theta,
                (own, from, to) -> descend(own, Arrays.copyOfRange(result, from, to), seed, maxSweeps));
        return new Permutations(result);
    }

    private record Problem(LayerLayout layout, NDArray reference, NDArray theta) {}

    @FunctionalInterface
    private interface ChunkTask {
        void run(Problem chunk, int from, int to);
    }

    private static void forEachChunk(LayerLayout layout, NDArray reference, NDArray theta, ChunkTask task) {
        int n = rows(theta);
        int size = chunkSize(layout);
        for (int from = 0; from < n; from += size) {
            int to = Math.min(n, from + size);
            try (NDManager manager = theta.getManager().newSubManager()) {
                NDArray part = MatchingState.borrow(manager, theta).get("{}:{}", from, to);
                task.run(new Problem(layout, MatchingState.borrow(manager, reference), part), from, to);
            }
        }
    }

    private static int chunkSize(LayerLayout layout) {
        long widest = layout.architecture().hidden().stream()
                .mapToLong(d -> (long) d * d)
                .max()
                .orElse(1);
        return (int) Math.max(1, CHUNK_VALUES / Math.max(layout.size(), widest));
    }

    private static void matchForward(Problem problem, int[][][] maps) {
        MatchingState state = new MatchingState(problem.layout(), problem.reference(), problem.theta(), maps);
        for (int l = 1; l < problem.layout().layers().size(); l++) {
            state.matchForward(l);
        }
    }

    // Networks in which a whole sweep gained nothing are left out of the following ones.
    private static void descend(Problem problem, int[][][] maps, Seed seed, int maxSweeps) {
        int[] active = IntStream.range(0, maps.length).toArray();
        for (int sweep = 0; sweep < maxSweeps && active.length > 0; sweep++) {
            boolean[] improved = new boolean[active.length];
            try (NDManager manager = problem.theta().getManager().newSubManager()) {
                NDArray theta = MatchingState.borrow(manager, problem.theta());
                NDArray own = active.length == maps.length ? theta : theta.get(manager.create(active));
                int[][][] selected =
                        Arrays.stream(active).mapToObj(i -> maps[i]).toArray(int[][][]::new);
                MatchingState state = new MatchingState(problem.layout(), problem.reference(), own, selected);
                for (int l : shuffledLayers(problem.layout(), seed.child(sweep))) {
                    state.rematch(l, improved);
                }
            }
            int[] before = active;
            active = IntStream.range(0, before.length)
                    .filter(i -> improved[i])
                    .map(i -> before[i])
                    .toArray();
        }
    }

    private static int[] shuffledLayers(LayerLayout layout, Seed seed) {
        RandomGenerator random = seed.generator();
        int[] order = IntStream.rangeClosed(1, layout.hiddenLayers().size()).toArray();
        for (int k = order.length - 1; k > 0; k--) {
            int other = random.nextInt(k + 1);
            int l = order[k];
            order[k] = order[other];
            order[other] = l;
        }
        return order;
    }

    private static int rows(NDArray theta) {
        return Math.toIntExact(theta.getShape().get(0));
    }
}
