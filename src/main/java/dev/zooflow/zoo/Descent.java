package dev.zooflow.zoo;

import dev.zooflow.experiment.RefineSpec;
import dev.zooflow.experiment.TransferSpec.Initialisation;
import dev.zooflow.experiment.ZooSpec;

/**
 * How gradients change networks: an optimiser and the size of its mini-batches.
 *
 * @param optimizer adam or sgd
 * @param learningRate positive
 * @param momentum sgd only
 * @param weightDecay decoupled for adam, coupled for sgd
 * @param batchSize examples of each network's mini-batch
 */
public record Descent(
        ZooSpec.Optimizer optimizer, double learningRate, double momentum, double weightDecay, int batchSize) {

    /** That of a zoo's base networks. */
    public static Descent of(ZooSpec spec) {
        return new Descent(
                spec.optimizer(), spec.learningRate(), spec.momentum(), spec.weightDecay(), spec.batchSize());
    }

    /** That of a refinement. */
    public static Descent of(RefineSpec spec) {
        return new Descent(spec.optimizer(), spec.learningRate(), spec.momentum(), 0, spec.batchSize());
    }

    /** That of a learning curve, with mini-batches of the given size. */
    public static Descent of(Initialisation spec, int batchSize) {
        return new Descent(spec.optimizer(), spec.learningRate(), spec.momentum(), 0, batchSize);
    }
}
