package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
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
 *
 * @param maxSweeps bound on the sweeps after the first pass; 0 leaves it at that pass
 */
public record WeightMatching(int maxSweeps) implements Matcher {

    // Bounds the values held at a time, in weights and in cost matrices, to some 100 MB.
    private static final long CHUNK_VALUES = 8_000_000;

    /**
     * The permutations that align every network to its reference.
     *
     * @param reference [1, D], or [n, D] with one for each network
     * @param theta [n, D]
     * @param seed of the order in which layers are visited
     */
    @Override
    public Permutations align(LayerLayout layout, NDArray reference, NDArray theta, Seed seed) {
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

    /** Continues the descent from {@code start}, which never makes a distance larger. */
    @Override
    public Permutations refine(LayerLayout layout, NDArray reference, NDArray theta, Permutations start, Seed seed) {
        int[][][] result = Arrays.stream(start.maps()).map(int[][]::clone).toArray(int[][][]::new);
        forEachChunk(
                layout,
                reference,
                theta,
                (own, from, to) -> descend(own, Arrays.copyOfRange(result, from, to), seed, maxSweeps));
        return new Permutations(result);
    }

    // One reference for all networks, [1, D], or one for each.
    private record Problem(LayerLayout layout, NDArray reference, NDArray theta) {

        // Some of the networks, as arrays of the manager.
        Problem select(NDManager manager, int[] networks) {
            NDArray index = manager.create(networks);
            NDArray some = rows(reference) == 1
                    ? Torch.borrow(manager, reference)
                    : Torch.borrow(manager, reference).get(index);
            return new Problem(layout, some, Torch.borrow(manager, theta).get(index));
        }

        Problem borrow(NDManager manager) {
            return new Problem(layout, Torch.borrow(manager, reference), Torch.borrow(manager, theta));
        }
    }

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
                NDArray part = Torch.borrow(manager, theta).get("{}:{}", from, to);
                NDArray own = Torch.borrow(manager, reference);
                task.run(new Problem(layout, rows(own) == 1 ? own : own.get("{}:{}", from, to), part), from, to);
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
                Problem own = active.length == maps.length ? problem.borrow(manager) : problem.select(manager, active);
                int[][][] selected =
                        Arrays.stream(active).mapToObj(i -> maps[i]).toArray(int[][][]::new);
                MatchingState state = new MatchingState(own.layout(), own.reference(), own.theta(), selected);
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
