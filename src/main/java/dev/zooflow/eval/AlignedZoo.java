package dev.zooflow.eval;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.CanonicalForm;
import dev.zooflow.rebasin.ZooAlignment;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import dev.zooflow.zoo.Zoo;
import java.util.Optional;

/**
 * The training networks of a zoo and the coordinates in which networks are compared and mixed: permuted to the training
 * networks' reference, canonical, with the logarithm of the temperature as the last one. Networks with an activation that
 * has no scaling symmetry have their permuted weights as coordinates.
 *
 * <p>Legend: n networks, N training networks, D parameters, K coordinates: D + 1, or D without scaling symmetry.
 */
final class AlignedZoo {

    private final LayerLayout layout;
    private final Optional<CanonicalForm> form;
    private final ZooAlignment.Aligned alignment;
    private final WeightBatch training;
    private final float[] coordinates;
    private final MatchedDistance distance;

    /** Fits the alignment on the zoo's training networks. */
    AlignedZoo(Zoo zoo, Seed seed) {
        this.layout = LayerLayout.of(zoo.architecture());
        boolean scaling = zoo.architecture().activation() == Activation.RELU;
        this.form = scaling ? Optional.of(new CanonicalForm(layout, true)) : Optional.empty();
        this.training = zoo.training();
        this.alignment = ZooAlignment.align(layout, training, seed);
        // The reference settles while the training networks are aligned to it, which can leave a deep network in
        // another
        // local optimum than a fresh alignment finds. Both sides of a distance go the same way, so that a copy is at 0.
        this.coordinates = coordinates(training);
        WeightDistance aligned = new WeightDistance(coordinates, zoo.trainingTrajectoryOf(), size(), layout.size());
        this.distance = new MatchedDistance(layout, aligned, seed);
    }

    /** Training networks as they were trained, N of them. */
    WeightBatch training() {
        return training;
    }

    /** Coordinates of the training networks, [N, K]; not copied. */
    float[] trainingCoordinates() {
        return coordinates;
    }

    /** Trajectory of each training network, [N]. */
    int[] trajectory() {
        return distance.aligned().trajectory();
    }

    /** Distances to the training networks, by their first D coordinates: the temperature does not count. */
    MatchedDistance distance() {
        return distance;
    }

    /** K. */
    int size() {
        return form.map(CanonicalForm::size).orElse(layout.size());
    }

    /** Raw weights, permuted to the reference. */
    WeightBatch align(WeightBatch networks) {
        return alignment.alignTo(networks);
    }

    /** Coordinates of any networks, [n, K]. */
    float[] coordinates(WeightBatch networks) {
        WeightBatch aligned = align(networks);
        if (form.isEmpty()) {
            return aligned.theta();
        }
        try (NDManager manager = Torch.manager()) {
            NDArray theta = Torch.array(manager, aligned.theta(), new Shape(aligned.size(), layout.size()));
            return form.get().encode(theta).toFloatArray();
        }
    }

    /** The networks with these coordinates, [n, K]. */
    WeightBatch networks(float[] z) {
        if (form.isEmpty()) {
            return new WeightBatch(layout.architecture(), z);
        }
        try (NDManager manager = Torch.manager()) {
            NDArray theta = form.get().decode(Torch.array(manager, z, new Shape(z.length / size(), size())));
            return new WeightBatch(layout.architecture(), theta.toFloatArray());
        }
    }
}
