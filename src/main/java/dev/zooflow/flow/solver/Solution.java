package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;

/**
 * The end of an integration and what it cost.
 *
 * @param x where the points arrive, [B, P]; x0 itself if nothing moved it
 * @param steps taken
 * @param rejected steps that were tried and not taken
 * @param evaluations of the field, each for all B points
 */
public record Solution(NDArray x, int steps, int rejected, int evaluations) {}
