package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;

/**
 * The alignment of a zoo to one reference network, fitted on training networks only and applicable to any later
 * network of the architecture.
 *
 * <p>What is compared is canonical (scale and temperature removed; as it is where the activation has no scaling
 * symmetry); what is permuted and returned are the raw weights. Legend: D parameters.
 */
public final class ZooAlignment {

    /** Sweeps of weight matching per network; real zoos need fewer than ten. */
    public static final int MAX_SWEEPS = 50;

    // The mean of a zoo settles in two or three rounds.
    private static final int MAX_ROUNDS = 4;

    private ZooAlignment() {}

    /** What the networks of a zoo are matched to. */
    public enum Reference {
        /** The first training network. */
        FIRST,
        /** The mean of the aligned training networks, found by alternating matching and averaging from the first. */
        MEAN
    }

    /**
     * An aligned zoo and what later networks are aligned to.
     *
     * @param reference canonical weights of the reference, [D]
     * @param aligned the training networks, raw, permuted
     * @param seed of the order in which layers are visited
     */
    public record Aligned(float[] reference, WeightBatch aligned, Seed seed) {

        /** Other networks of the architecture, raw, permuted to the same reference. */
        public WeightBatch alignTo(WeightBatch others) {
            return ZooAlignment.alignTo(reference, others, seed);
        }
    }

    /** Aligns to the mean of the training networks. */
    public static Aligned align(LayerLayout layout, WeightBatch training, Seed seed) {
        return align(layout, training, Reference.MEAN, seed);
    }

    /**
     * Aligns the training networks.
     *
     * @throws IllegalArgumentException if there is no network
     */
    public static Aligned align(LayerLayout layout, WeightBatch training, Reference reference, Seed seed) {
        if (training.size() == 0) {
            throw new IllegalArgumentException("training networks (0) give no reference. Maybe train a zoo first?");
        }
        try (NDManager manager = Torch.manager()) {
            WeightBatch canonical = comparable(manager, layout, training);
            NDArray theta = Torch.array(manager, canonical.theta(), new Shape(training.size(), layout.size()));
            float[] target = canonical.slice(0, 1).theta();
            Permutations found = WeightMatching.align(layout, Torch.array(manager, target), theta, seed, MAX_SWEEPS);
            boolean settled = reference == Reference.FIRST;
            for (int round = 1; !settled && round <= MAX_ROUNDS; round++) {
                target = mean(found.apply(layout, canonical));
                Permutations before = found;
                found = WeightMatching.refine(
                        layout, Torch.array(manager, target), theta, before, seed.child(round), MAX_SWEEPS);
                settled = Arrays.deepEquals(before.maps(), found.maps());
            }
            return new Aligned(target, found.apply(layout, training), seed);
        }
    }

    /**
     * Aligns networks to a reference that was found before.
     *
     * @param reference of an {@link Aligned}, [D]
     * @param networks raw weights
     * @return raw weights, permuted
     */
    public static WeightBatch alignTo(float[] reference, WeightBatch networks, Seed seed) {
        if (networks.size() == 0) {
            return networks;
        }
        LayerLayout layout = LayerLayout.of(networks.architecture());
        try (NDManager manager = Torch.manager()) {
            WeightBatch canonical = comparable(manager, layout, networks);
            NDArray theta = Torch.array(manager, canonical.theta(), new Shape(networks.size(), layout.size()));
            NDArray target = Torch.array(manager, reference);
            return WeightMatching.align(layout, target, theta, seed, MAX_SWEEPS).apply(layout, networks);
        }
    }

    // The weights that are matched.
    private static WeightBatch comparable(NDManager manager, LayerLayout layout, WeightBatch networks) {
        if (layout.architecture().activation() != Activation.RELU) {
            return networks;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray theta = Torch.array(scratch, networks.theta(), new Shape(networks.size(), layout.size()));
            NDArray canonical = new CanonicalForm(layout, false).encode(theta);
            return new WeightBatch(networks.architecture(), canonical.toFloatArray());
        }
    }

    private static float[] mean(WeightBatch networks) {
        float[] theta = networks.theta();
        double[] sum = new double[networks.architecture().parameters()];
        for (int i = 0; i < theta.length; i += sum.length) {
            for (int k = 0; k < sum.length; k++) {
                sum[k] += theta[i + k];
            }
        }
        float[] mean = new float[sum.length];
        for (int k = 0; k < sum.length; k++) {
            mean[k] = (float) (sum[k] / networks.size());
        }
        return mean;
    }
}
