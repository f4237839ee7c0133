package dev.zooflow.bench;

import dev.zooflow.data.Dataset;
import dev.zooflow.data.Normalisation;
import dev.zooflow.data.Split;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.ZooSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.ZooTrainer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Training of a zoo from its initialisation to its last step, on noise with the sizes of the task's training split. */
final class ZooBench implements Benchmark {

    private static final int OTHER_EXAMPLES = 100;
    // Forward, gradient of the weights, gradient of the inputs; a multiply-add counts as two operations.
    private static final double OPERATIONS_PER_WEIGHT = 2 * 3;

    private final BenchConfig config;
    private final int batch;
    private final ZooTrainer trainer;

    ZooBench(BenchConfig config, int batch) {
        this.config = config;
        this.batch = batch;
        Architecture architecture = config.architecture();
        this.trainer = new ZooTrainer(sized(config.experiment(), batch), architecture, noise(), new Seed(1));
    }

    private static ZooSpec sized(ExperimentSpec experiment, int networks) {
        List<String> size = List.of("zoo.training-trajectories=" + networks);
        return ExperimentFile.parse(ExperimentFile.render(experiment), size).zoo();
    }

    private Dataset noise() {
        int features = config.architecture().inputs();
        return new Dataset(
                config.name(),
                split(config.examples(), "train"),
                split(OTHER_EXAMPLES, "validation"),
                split(OTHER_EXAMPLES, "test"),
                names(config.architecture().outputs()),
                names(features),
                Optional.empty(),
                Normalisation.identity(features),
                Map.of());
    }

    private Split split(int examples, String name) {
        Architecture a = config.architecture();
        float[] x = new Seed(3).child(name).gaussian(Math.multiplyExact(examples, a.inputs()));
        int[] y = IntStream.range(0, examples).map(i -> i % a.outputs()).toArray();
        return new Split(x, y, a.inputs());
    }

    private static List<String> names(int n) {
        return IntStream.range(0, n).mapToObj(Integer::toString).toList();
    }

    @Override
    public void step() {
        trainer.train(0, batch, (step, progress, metrics) -> {}, () -> false);
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public double gflop() {
        double passes =
                (double) batch * config.examples() * config.experiment().zoo().epochs();
        return OPERATIONS_PER_WEIGHT * config.architecture().parameters() * passes / 1e9;
    }

    @Override
    public void close() {}
}
