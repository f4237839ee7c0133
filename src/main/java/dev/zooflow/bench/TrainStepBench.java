package dev.zooflow.bench;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.nn.Backbone;
import dev.zooflow.tensor.Seed;
import java.util.List;

/** Whole training steps of a flow: sampling of the path, forward, backward, optimiser and moving average. */
final class TrainStepBench implements Benchmark {

    private static final int TRAINING_NETWORKS = 64;
    private static final double INITIAL_STD = 0.1;
    // Backward costs about twice forward; a multiply-add counts as two operations.
    private static final double OPERATIONS_PER_FORWARD_MAC = 2 * 3;

    private final int batch;
    private final double gflop;
    private final FlowTrainer trainer;

    TrainStepBench(BenchConfig config, int batch) {
        this.batch = batch;
        this.trainer = trainer(config, batch);
        this.gflop = OPERATIONS_PER_FORWARD_MAC * forwardMacs(config) * batch / 1e9;
    }

    /** Multiply-adds of the backbone for one network. */
    static long forwardMacs(BenchConfig config) {
        LayerLayout layout = LayerLayout.of(config.architecture());
        return Backbone.of(config.flow().backbone(), layout, layout.size()).multiplyAdds(layout);
    }

    /** The trainer of a flow over random networks, which need no alignment. */
    static FlowTrainer trainer(BenchConfig config, int batch) {
        int parameters = config.architecture().parameters();
        Seed seed = new Seed(1);
        WeightBatch zoo =
                new WeightBatch(config.architecture(), seed.child("zoo").gaussian(TRAINING_NETWORKS * parameters));
        List<String> timed = List.of("flows.0.alignment=none", "flows.0.training.batch-size=" + batch);
        FlowSpec flow = ExperimentFile.parse(ExperimentFile.render(config.experiment()), timed)
                .flows()
                .get(0);
        return new FlowTrainer(flow, INITIAL_STD, zoo, seed);
    }

    @Override
    public void step() {
        trainer.step(0);
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public double gflop() {
        return gflop;
    }

    @Override
    public void close() {
        trainer.close();
    }
}
