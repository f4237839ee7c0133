package dev.zooflow.bench;

import dev.zooflow.graph.LayerLayout;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.nn.Backbone;
import dev.zooflow.tensor.Seed;

/** Generating networks with a flow that has not been trained: the source, all steps of the solver, the weights. */
final class SampleBench implements Benchmark {

    private final BenchConfig config;
    private final int batch;
    private final WeightFlow flow;

    SampleBench(BenchConfig config, int batch) {
        this.config = config;
        this.batch = batch;
        try (FlowTrainer trainer = TrainStepBench.trainer(config, 1)) {
            this.flow = trainer.snapshot();
        }
    }

    @Override
    public void step() {
        flow.sample(batch, config.experiment().sampling(), new Seed(2));
    }

    @Override
    public int batch() {
        return batch;
    }

    @Override
    public double gflop() {
        LayerLayout layout = LayerLayout.of(config.architecture());
        long macs = Backbone.of(config.flow().backbone(), layout, layout.size()).multiplyAdds(layout);
        return 2.0 * macs * batch * config.experiment().sampling().steps() / 1e9;
    }

    @Override
    public void close() {}
}
