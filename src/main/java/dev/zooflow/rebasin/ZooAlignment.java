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

    // Real zoos need fewer than ten sweeps.
    private static final WeightMatching WEIGHT_MATCHING = new WeightMatching(50);

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
     * @param reference weights of the reference as they were compared, [D]
     * @param permutations of the training networks' neurons
     * @param aligned the training networks, raw, permuted
     * @param seed of the order in which layers are visited
     */
    public record Aligned(float[] reference, Permutations permutations, WeightBatch aligned, Seed seed) {

        /** Other networks of the architecture, raw, permuted to the same reference. */
        public WeightBatch alignTo(WeightBatch others) {
            return ZooAlignment.alignTo(reference, others, seed);
        }
    }

    /** Aligns to the mean of the training networks by weight matching. */
    public static Aligned align(LayerLayout layout, WeightBatch training, Seed seed) {
        return align(layout, training, WEIGHT_MATCHING, Reference.MEAN, seed);
    }

    /**
     * Aligns the training networks.
     *
     * @throws IllegalArgumentException if there is no network
     */
    public static Aligned align(
            LayerLayout layout, WeightBatch training, Matcher matcher, Reference reference, Seed seed) {
        if (training.size() == 0) {
            throw new IllegalArgumentException("training networks (0) give no reference. Maybe train a zoo first?");
        }
        try (NDManager manager = Torch.manager()) {
            WeightBatch compared = comparable(manager, layout, training, matcher);
            NDArray theta = Torch.array(manager, compared.theta(), new Shape(training.size(), layout.size()));
            float[] target = compared.slice(0, 1).theta();
            Permutations found = matcher.align(layout, row(manager, target), theta, seed);
            boolean settled = reference == Reference.FIRST;
            for (int round = 1; !settled && round <= MAX_ROUNDS; round++) {
                target = mean(found.apply(layout, compared));
                Permutations before = found;
                found = matcher.refine(layout, row(manager, target), theta, before, seed.child(round));
                settled = Arrays.deepEquals(before.maps(), found.maps());
            }
            return new Aligned(target, found, found.apply(layout, training), seed);
        }
    }

    /**
     * Aligns networks by weight matching to a reference that was found before.
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
            WeightBatch compared = comparable(manager, layout, networks, WEIGHT_MATCHING);
            NDArray theta = Torch.array(manager, compared.theta(), new Shape(networks.size(), layout.size()));
            return WEIGHT_MATCHING
                    .align(layout, row(manager, reference), theta, seed)
                    .apply(layout, networks);
        }
    }

    private static NDArray row(NDManager manager, float[] values) {
        return Torch.array(manager, values, new Shape(1, values.length));
    }

    // The weights that are matched.
    private static WeightBatch comparable(
            NDManager manager, LayerLayout layout, WeightBatch networks, Matcher matcher) {
        if (layout.architecture().activation() != Activation.RELU) {
            return networks;
        }
        try (NDManager scratch = manager.newSubManager()) {
            NDArray theta = Torch.array(scratch, networks.theta(), new Shape(networks.size(), layout.size()));
            CanonicalForm form = new CanonicalForm(layout, matcher.comparesFunctions());
            NDArray canonical = form.decode(form.encode(theta));
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
