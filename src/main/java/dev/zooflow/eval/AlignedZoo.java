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

/**
 * A zoo whose training networks are aligned, and the coordinates in which any network is compared with them: permuted to
 * the training networks' reference, canonical, without temperature. Networks with an activation that has no scaling
 * symmetry are compared by their aligned weights.
 */
final class AlignedZoo {

    private final LayerLayout layout;
    private final ZooAlignment.Aligned alignment;
    private final WeightBatch raw;
    private final WeightDistance distance;

    AlignedZoo(Zoo zoo, Seed seed) {
        this.layout = LayerLayout.of(zoo.architecture());
        this.raw = zoo.training();
        this.alignment = ZooAlignment.align(layout, raw, seed);
        this.distance = new WeightDistance(canonical(alignment.aligned()), zoo.trainingTrajectoryOf(), layout.size());
    }

    /** Training networks as they were trained. */
    WeightBatch raw() {
        return raw;
    }

    /** Training networks, raw weights, permuted. */
    WeightBatch aligned() {
        return alignment.aligned();
    }

    /** Distances to the training networks. */
    WeightDistance distance() {
        return distance;
    }

    /** Coordinates of any networks, [n, D]. */
    float[] coordinates(WeightBatch networks) {
        return canonical(alignment.alignTo(networks));
    }

    private float[] canonical(WeightBatch networks) {
        if (networks.architecture().activation() != Activation.RELU) {
            return networks.theta();
        }
        try (NDManager manager = Torch.manager()) {
            NDArray theta = manager.create(networks.theta(), new Shape(networks.size(), layout.size()));
            return new CanonicalForm(layout, false).encode(theta).toFloatArray();
        }
    }
}
