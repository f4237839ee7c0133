package dev.zooflow.experiment;

import java.util.List;
import java.util.Optional;

/**
 * A resolved experiment: everything a run does, with nothing left to a default.
 *
 * @param name [a-z0-9][a-z0-9._-]{0,99}
 * @param seed root of the seed tree
 * @param task what the base networks learn
 * @param network architecture of the base networks
 * @param zoo how base networks are trained
 * @param flows one trial each; names are unique
 * @param sampling how networks are generated
 * @param evaluation how they are judged
 * @param transfer another task, if any
 */
public record ExperimentSpec(
        String name,
        long seed,
        TaskSpec task,
        NetworkSpec network,
        ZooSpec zoo,
        List<FlowSpec> flows,
        SamplingSpec sampling,
        EvaluationSpec evaluation,
        Optional<TransferSpec> transfer) {

    /** Copies the list. */
    public ExperimentSpec {
        flows = List.copyOf(flows);
    }

    /** The flow with this name. */
    public FlowSpec flow(String flowName) {
        return flows.stream()
                .filter(f -> f.name().equals(flowName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("flow (%s) is not in this experiment. Maybe one of %s?"
                        .formatted(flowName, flows.stream().map(FlowSpec::name).toList())));
    }
}
