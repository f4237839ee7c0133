package dev.zooflow.zoo;

import java.util.Map;

/** Where the training of a zoo tells how far it is. */
@FunctionalInterface
public interface Progress {

    /**
     * Takes a report. Called on the training thread, which waits.
     *
     * @param step optimiser steps done
     * @param fraction of the whole training, in [0, 1]
     * @param values named metrics, all finite
     */
    void report(long step, double fraction, Map<String, Double> values);
}
