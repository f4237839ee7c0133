package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.zoo.TaskLoss;
import java.util.Optional;
import java.util.function.Function;

/**
 * The loss of an experiment's task for alignments that look at it.
 *
 * @param data of tasks
 */
record AlignmentLoss(TaskData data) {

    // At which an alignment measures the loss in a step.
    private static final int EXAMPLES = 256;

    /** Lends the loss of networks to a flow's alignment for as long as {@code use} runs; nothing where it asks for none. */
    <T> T lend(ExperimentSpec spec, FlowSpec flow, Architecture networks, Function<Optional<BatchLoss>, T> use) {
        if (!flow.alignment().usesTask()) {
            return use.apply(Optional.empty());
        }
        try (TaskLoss loss = new TaskLoss(LayerLayout.of(networks), data.dataset(spec), EXAMPLES)) {
            return use.apply(Optional.of(loss::of));
        }
    }
}
