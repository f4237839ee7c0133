package dev.zooflow.bench;

import dev.zooflow.experiment.FlowSpec.Alignment;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.nn.Backbone;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;

/** Times whole training steps of a flow: sampling of the path, forward, backward, optimiser and moving average. */
public final class TrainStepBench {

    private static final int TRAINING_NETWORKS = 64;
    // Backward costs about twice forward; a multiply-add counts as two operations.
    private static final double OPERATIONS_PER_FORWARD_MAC = 2 * 3;

    private TrainStepBench() {}

    /**
     * Runs the benchmark.
     *
     * @param warmUp steps not counted
     * @param steps counted, at least 1
     */
    public static BenchResult run(BenchConfig config, int warmUp, int steps) {
        Architecture architecture = config.architecture();
        Seed seed = new Seed(1);
        // Random networks need no alignment, and its time is not what is measured.
        WeightBatch zoo = new WeightBatch(
                architecture, seed.child("zoo").gaussian(TRAINING_NETWORKS * architecture.parameters()));
        try (FlowTrainer trainer = new FlowTrainer(config.flow().withAlignment(Alignment.NONE), 0.1, zoo, seed)) {
            for (int k = 0; k < warmUp; k++) {
                trainer.step(0);
            }
            long residentBefore = ResidentMemory.currentMib();
            double[] millis = new double[steps];
            for (int k = 0; k < steps; k++) {
                long start = System.nanoTime();
                trainer.step(0);
                millis[k] = (System.nanoTime() - start) / 1e6;
            }
            long growth = ResidentMemory.currentMib() - residentBefore;
            Arrays.sort(millis);
            int batch = config.flow().training().batchSize();
            return new BenchResult(
                    "train-step", config.name(), batch, millis, ResidentMemory.peakMib(), growth, gflop(config, batch));
        }
    }

    private static double gflop(BenchConfig config, int batch) {
        LayerLayout layout = LayerLayout.of(config.architecture());
        long macs = Backbone.of(config.flow().backbone(), layout, layout.size()).multiplyAdds(layout);
        return OPERATIONS_PER_FORWARD_MAC * macs * batch / 1e9;
    }
}
