package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;

/** How large the messages become that networks of an experiment travel in: those of a trajectory or of a sample in one. */
public final class MessageSizes {

    /** Most bytes before the weights. */
    static final int HEADER_BYTES = 64 << 10;

    private MessageSizes() {}

    /** The same of a built-in task; files of others say how large networks are. */
    public static void require(ExperimentSpec spec, long limit) {
        TaskShape.of(spec.task()).ifPresent(shape -> require(spec, shape.inputs(), shape.classes(), limit));
    }

    /**
     * Refuses an experiment that would make a message which nobody may read, before the work that leads to it is done.
     *
     * @param inputs features of an example
     * @param classes of the task
     * @param limit {@code kafka.claim-limit}, in bytes
     * @throws UserError naming the key
     */
    public static void require(ExperimentSpec spec, int inputs, int classes, long limit) {
        Architecture base = spec.network().architecture(inputs, classes);
        if (spec.zoo().kind() != ZooSpec.Kind.IMPORTED) {
            require("zoo.snapshots", spec.zoo().snapshots(), base, limit);
        }
        for (FlowSpec flow : spec.flows()) {
            for (SamplingSpec sampling : spec.allSamplings(flow)) {
                Architecture sampled = sampling.hidden().isEmpty()
                        ? base
                        : new NetworkSpec(sampling.hidden(), base.activation()).architecture(inputs, classes);
                int most = Math.max(sampling.networks(), sampling.checkpointNetworks());
                require("sampling.networks", most, sampled, limit);
            }
        }
    }

    private static void require(String key, int networks, Architecture architecture, long limit) {
        long bytes = HEADER_BYTES + (long) networks * architecture.parameters() * Float.BYTES;
        if (bytes > limit) {
            throw UserError.usage(
                    "%s (%d) makes messages of %s, %d networks %s each, and kafka.claim-limit (%s) is the most. Maybe fewer networks, or raise it in all processes?"
                            .formatted(
                                    key,
                                    networks,
                                    StorageEstimate.size((double) bytes),
                                    networks,
                                    architecture,
                                    StorageEstimate.size((double) limit)));
        }
    }
}
