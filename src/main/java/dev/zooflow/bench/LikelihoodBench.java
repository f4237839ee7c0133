package dev.zooflow.bench;

import dev.zooflow.experiment.LikelihoodSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.tensor.Seed;

/** Log densities of random networks under a flow that has not been trained: back to the source with all probes. */
final class LikelihoodBench implements Benchmark {

    private final LikelihoodSpec likelihood;
    private final WeightFlow flow;
    private final WeightBatch networks;
    private final double gflop;

    LikelihoodBench(BenchConfig config, int batch) {
        this.likelihood = config.experiment().evaluation().likelihood();
        try (FlowTrainer trainer = TrainStepBench.trainer(config, 1)) {
            this.flow = trainer.snapshot();
        }
        int weights = Math.multiplyExact(batch, config.architecture().parameters());
        this.networks = new WeightBatch(config.architecture(), new Seed(1).gaussian(weights));
        double evaluations = (double) likelihood.steps() * likelihood.solver().stages() * (1 + likelihood.probes());
        this.gflop = 2.0 * TrainStepBench.forwardMacs(config) * batch * evaluations / 1e9;
    }

    @Override
    public void step() {
        flow.logLikelihood(networks, likelihood, new Seed(2));
    }

    @Override
    public int batch() {
        return networks.size();
    }

    /** A product with the transposed Jacobian costs as much as an evaluation. */
    @Override
    public double gflop() {
        return gflop;
    }

    @Override
    public void close() {}
}
