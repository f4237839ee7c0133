package dev.zooflow.experiment;

import java.time.Duration;

/**
 * Budget and optimiser of a flow's training. At least one of {@code steps} and {@code time} is positive.
 *
 * @param steps bound on optimiser steps; 0 is none
 * @param time bound on wall time; zero is none
 * @param batchSize networks per step
 * @param optimizer of the flow
 * @param learningRate peak rate
 * @param weightDecay decoupled (adamw) or none (adam)
 * @param warmUp steps of linear warm-up
 * @param clipNorm largest global gradient norm
 * @param emaDecay of the averaged parameters
 * @param checkpointEvery wall time between checkpoints; zero is none
 * @param checkpointSteps steps between checkpoints; 0 is none
 * @param saveEvery wall time between states from which it can be resumed; zero is none
 */
public record TrainingSpec(
        int steps,
        Duration time,
        int batchSize,
        Optimizer optimizer,
        double learningRate,
        double weightDecay,
        int warmUp,
        double clipNorm,
        double emaDecay,
        Duration checkpointEvery,
        int checkpointSteps,
        Duration saveEvery) {

    /** Optimisers of flow training. */
    public enum Optimizer {
        ADAMW,
        ADAM
    }
}
