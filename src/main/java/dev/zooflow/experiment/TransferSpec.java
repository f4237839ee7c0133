package dev.zooflow.experiment;

/**
 * Another task that the zoo's flows are guided to, and that their networks begin to learn.
 *
 * @param task with as many inputs and classes as the zoo's
 * @param guidance by the training split of this task, for flows that have none of their own
 * @param refine after the integration, by the same split, likewise
 * @param networks of each group
 * @param epochs of the networks trained for the purpose
 * @param initialisation training that starts from generated and from random networks
 */
public record TransferSpec(
        TaskSpec task,
        GuidanceSpec guidance,
        RefineSpec refine,
        int networks,
        int epochs,
        Initialisation initialisation) {

    /** What flows follow that have none of their own. */
    GradientsSpec gradients() {
        return new GradientsSpec(guidance, refine);
    }

    /**
     * Training on the task, whose curve shows what a start is worth. Mini-batches are as large as the zoo's.
     *
     * @param epochs of training
     * @param runs networks of each start
     * @param optimizer of the training
     * @param learningRate positive
     * @param momentum sgd only
     */
    public record Initialisation(
            int epochs, int runs, ZooSpec.Optimizer optimizer, double learningRate, double momentum) {}
}
