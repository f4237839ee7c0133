package dev.zooflow.experiment;

/**
 * How the zoo of base networks is made.
 *
 * @param kind trained, drawn from a known distribution, or read from files
 * @param path imported only: where the files are, relative to the data directory unless absolute
 * @param trainingTrajectories independently initialised networks that flows learn from
 * @param heldOutTrajectories networks that nothing is fitted on
 * @param epochs passes over the training split
 * @param batchSize examples per mini-batch
 * @param optimizer of base training
 * @param learningRate positive
 * @param momentum sgd only
 * @param weightDecay decoupled for adam, coupled for sgd
 * @param initialStd standard deviation of the initialisation, also of the flows' source
 * @param burnInEpochs epochs without snapshots, fewer than {@code epochs}
 * @param snapshots per trajectory, at least 1
 * @param trajectoriesPerTask trained together in one batched computation
 * @param gaussianMean gaussian only: mean of every weight
 * @param gaussianStd gaussian only: standard deviation of every weight
 */
public record ZooSpec(
        Kind kind,
        String path,
        int trainingTrajectories,
        int heldOutTrajectories,
        int epochs,
        int batchSize,
        Optimizer optimizer,
        double learningRate,
        double momentum,
        double weightDecay,
        double initialStd,
        int burnInEpochs,
        int snapshots,
        int trajectoriesPerTask,
        double gaussianMean,
        double gaussianStd) {

    /** Where networks come from. */
    public enum Kind {
        TRAINED,
        /** Independent normal draws, for comparison with the truth. */
        GAUSSIAN,
        /** Networks that others trained. */
        IMPORTED
    }

    /** Optimisers of base training. */
    public enum Optimizer {
        ADAM,
        SGD
    }

    /** Trajectories 0 … trainingTrajectories-1 are training, the others held out. */
    public boolean isHeldOut(int trajectory) {
        return trajectory >= trainingTrajectories;
    }

    /** Training and held-out trajectories. */
    public int trajectories() {
        return trainingTrajectories + heldOutTrajectories;
    }
}
