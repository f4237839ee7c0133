package dev.zooflow.model;

import java.util.Map;

/**
 * A training between two steps: with the flow's specification, its zoo and its seed all that is needed to go on as if it
 * had never stopped. Random numbers are none of it, because those of a step derive from the seed and the step's number.
 *
 * @param step optimiser steps so far
 * @param seconds of training so far
 * @param checkpoints published so far
 * @param checkpointSeconds of training when the latest checkpoint was published; 0 before the first
 * @param lossSum of the losses since then
 * @param lossCount number of the losses since then
 * @param arrays of the trainer, by name
 */
public record TrainingState(
        long step,
        double seconds,
        int checkpoints,
        double checkpointSeconds,
        double lossSum,
        int lossCount,
        Map<String, float[]> arrays) {

    /** Copies the map. */
    public TrainingState {
        arrays = Map.copyOf(arrays);
    }
}
