package dev.zooflow.zoo;

import dev.zooflow.experiment.ZooSpec;
import java.util.stream.IntStream;

/**
 * The optimiser steps of a trajectory: how many there are and after which of them a snapshot is taken.
 *
 * @param stepsPerEpoch mini-batches in a pass; the last one of a pass may be smaller
 * @param steps of the whole training
 * @param snapshots steps after which a snapshot is taken, ascending; the last is {@code steps}
 */
record SnapshotSchedule(int stepsPerEpoch, int steps, int[] snapshots) {

    /**
     * The schedule of a zoo: with b steps of burn-in and T in all, the k-th of K snapshots follows step
     * b + round(k (T - b) / K), k = 1 … K. Where fewer than K steps follow the burn-in, each of them is a snapshot.
     *
     * @param examples in the training split
     */
    static SnapshotSchedule of(ZooSpec spec, int examples) {
        int perEpoch = (examples + spec.batchSize() - 1) / spec.batchSize();
        int steps = Math.multiplyExact(perEpoch, spec.epochs());
        int burnIn = perEpoch * spec.burnInEpochs();
        int after = steps - burnIn;
        int count = Math.min(spec.snapshots(), after);
        int[] at = IntStream.rangeClosed(1, count)
                .map(k -> burnIn + (int) Math.round((double) k * after / count))
                .toArray();
        return new SnapshotSchedule(perEpoch, steps, at);
    }
}
