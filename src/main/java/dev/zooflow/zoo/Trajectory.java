package dev.zooflow.zoo;

import dev.zooflow.graph.WeightBatch;

/**
 * One base network on its way through training: an initialisation, an order of mini-batches, and what became of them.
 *
 * @param index in the zoo, from 0; with the root seed it determines the trajectory
 * @param heldOut whether nothing may be fitted on it
 * @param steps optimiser steps after which the snapshots were taken, ascending
 * @param validationAccuracy of each snapshot, share in [0, 1]
 * @param snapshots in the order of {@code steps}; the last one is the trained network
 */
public record Trajectory(int index, boolean heldOut, int[] steps, float[] validationAccuracy, WeightBatch snapshots) {

    /** Checks that there is a snapshot and that the parts have one length. */
    public Trajectory {
        int n = snapshots.size();
        if (n == 0 || steps.length != n || validationAccuracy.length != n) {
            throw new IllegalArgumentException("trajectory (%d) has %d snapshots, %d steps and %d accuracies"
                    .formatted(index, n, steps.length, validationAccuracy.length));
        }
    }

    /** The trained network alone. */
    public WeightBatch last() {
        return snapshots.slice(snapshots.size() - 1, snapshots.size());
    }
}
