package dev.zooflow.experiment;

import java.util.OptionalDouble;

/**
 * Figures that others published, shown beside a group of ours and never mixed with it.
 *
 * @param group whose networks they compare with: {@code generated/<flow>}, {@code held-out}, …
 * @param label what was measured, in a few words
 * @param accuracy mean over networks, in [0, 1]
 * @param accuracyStd standard deviation over networks
 * @param loss mean cross-entropy
 * @param lossStd its standard deviation
 * @param source where it was published
 */
public record Publication(
        String group,
        String label,
        OptionalDouble accuracy,
        OptionalDouble accuracyStd,
        OptionalDouble loss,
        OptionalDouble lossStd,
        String source) {}
