package dev.zooflow.experiment;

/**
 * Gradient steps after sampling, on mini-batches of the task's training split.
 *
 * @param steps of the optimiser; 0 is no refinement
 * @param optimizer of these steps
 * @param learningRate positive
 * @param momentum sgd only
 * @param batchSize examples of each network's mini-batch
 */
public record RefineSpec(int steps, ZooSpec.Optimizer optimizer, double learningRate, double momentum, int batchSize) {

    /** No refinement. */
    public static final RefineSpec NONE = new RefineSpec(0, ZooSpec.Optimizer.ADAM, 1e-3, 0, 1);
}
