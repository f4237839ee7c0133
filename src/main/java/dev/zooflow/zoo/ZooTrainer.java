package dev.zooflow.zoo;

import ai.djl.ndarray.NDManager;
import dev.zooflow.data.Dataset;
import dev.zooflow.experiment.UserError;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Trains base networks, many at once in one batched computation on libtorch.
 *
 * <p>Every network has its own initial weights and its own order of mini-batches. Both come from the root seed and the
 * index of the trajectory alone, so that however a zoo is divided into tasks, its networks are the same up to the
 * rounding of single precision. Only the training split is learned from; the validation split is measured.
 */
public final class ZooTrainer {

    private final ZooSpec spec;
    private final LayerLayout layout;
    private final Dataset data;
    private final Seed seed;

    /**
     * A trainer of networks for a task.
     *
     * @param seed of the zoo, the same for every task of it
     */
    public ZooTrainer(ZooSpec spec, Architecture architecture, Dataset data, Seed seed) {
        if (architecture.inputs() != data.features()
                || architecture.outputs() != data.classes().size()) {
            throw new IllegalArgumentException("architecture (%s) does not fit %s with %d features and %d classes"
                    .formatted(
                            architecture,
                            data.name(),
                            data.features(),
                            data.classes().size()));
        }
        this.spec = spec;
        this.layout = LayerLayout.of(architecture);
        this.data = data;
        this.seed = seed;
    }

    /**
     * Trains trajectories {@code from} (inclusive) to {@code to} (exclusive) of the zoo.
     *
     * @param progress told a few times a second {@code loss} (mean over networks, each on its current mini-batch) and
     *     {@code validation_accuracy} (mean over networks, on at most 500 validation examples)
     * @param cancelled asked before every step
     * @return in ascending order of the index
     * @throws CancellationException when {@code cancelled} says so
     * @throws UserError naming the trajectory whose weights or loss are no longer finite
     */
    public List<Trajectory> train(int from, int to, Progress progress, BooleanSupplier cancelled) {
        if (from < 0 || from >= to || to > spec.trajectories()) {
            throw new IllegalArgumentException(
                    "trajectories %d to %d are not in a zoo of %d".formatted(from, to, spec.trajectories()));
        }
        try (NDManager manager = Torch.manager()) {
            return new ZooTraining(spec, layout, data, seed, manager, from, to).run(progress, cancelled);
        }
    }
}
