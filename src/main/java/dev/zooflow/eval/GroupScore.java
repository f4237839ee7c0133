package dev.zooflow.eval;

import java.util.Map;

/**
 * The evaluation of a group of networks.
 *
 * @param group its name
 * @param n number of networks
 * @param values summary by snake_case name; a metric that is undefined for the group is absent; {@code gradient_steps} are
 *     the gradients of a task's loss that each network followed after the zoo's own training
 * @param series one value per network ({@code accuracy}, {@code loss}, {@code nn_ratio}), or per ensemble size
 *     ({@code bma_members}, {@code bma_accuracy}, {@code bma_nll}, {@code bma_ece})
 */
public record GroupScore(String group, int n, Map<String, Double> values, Map<String, double[]> series) {}
