package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.data.Dataset;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A zoo whose distribution is known: every weight and bias of every snapshot is an independent draw from N(mean, std²).
 * Nothing is trained; what a flow makes of it can be compared with the truth. Every trajectory draws from its own index
 * under the root seed, so that however the zoo is divided into tasks, its networks are the same.
 */
public final class GaussianZoo {

    private final ZooSpec spec;
    private final LayerLayout layout;
    private final Dataset data;
    private final Seed seed;

    /** The zoo of a task's architecture; its data serve only to measure the networks. */
    public GaussianZoo(ZooSpec spec, Architecture architecture, Dataset data, Seed seed) {
        this.spec = spec;
        this.layout = LayerLayout.of(architecture);
        this.data = data;
        this.seed = seed;
    }

    /** Trajectories {@code from} (inclusive) to {@code to} (exclusive), in ascending order of the index. */
    public List<Trajectory> draw(int from, int to) {
        try (NDManager manager = Torch.manager()) {
            ValidationAccuracy validation = new ValidationAccuracy(manager, layout, data.validation());
            return IntStream.range(from, to)
                    .mapToObj(i -> trajectory(i, manager, validation))
                    .toList();
        }
    }

    private Trajectory trajectory(int index, NDManager manager, ValidationAccuracy validation) {
        int n = spec.snapshots();
        float[] theta = seed.child(index).gaussian(n * layout.size());
        for (int k = 0; k < theta.length; k++) {
            theta[k] = (float) (spec.gaussianMean() + spec.gaussianStd() * theta[k]);
        }
        try (NDArray networks = Torch.array(manager, theta, new Shape(n, layout.size()))) {
            return new Trajectory(
                    index,
                    spec.isHeldOut(index),
                    IntStream.rangeClosed(1, n).toArray(),
                    validation.of(networks),
                    new WeightBatch(layout.architecture(), theta));
        }
    }
}
