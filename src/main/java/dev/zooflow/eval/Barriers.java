package dev.zooflow.eval;

/**
 * Loss barriers of all pairs of some networks.
 *
 * @param variant {@code unaligned} or {@code aligned}
 * @param mean over pairs
 * @param std over pairs; 0 for a single pair
 * @param barrier [n][n], symmetric, zero diagonal
 */
public record Barriers(String variant, double mean, double std, double[][] barrier) {}
