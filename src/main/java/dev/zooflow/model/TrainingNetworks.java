package dev.zooflow.model;

import dev.zooflow.graph.WeightBatch;
import java.util.Optional;

/**
 * What a flow learns from.
 *
 * @param networks raw weights
 * @param initial of each network, the weights at which its training began; empty where they are not known
 */
public record TrainingNetworks(WeightBatch networks, Optional<WeightBatch> initial) {

    /** Checks that there is a beginning for every network, if there is any. */
    public TrainingNetworks {
        initial.ifPresent(begin -> {
            if (begin.size() != networks.size()) {
                throw new IllegalArgumentException(
                        "initial weights (%d) are not those of %d networks".formatted(begin.size(), networks.size()));
            }
        });
    }

    /** Networks of which nothing else is known. */
    public static TrainingNetworks of(WeightBatch networks) {
        return new TrainingNetworks(networks, Optional.empty());
    }
}
