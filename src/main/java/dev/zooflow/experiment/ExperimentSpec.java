package dev.zooflow.experiment;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;

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
 * @param samplings variants of it, which final checkpoints are sampled with besides; names are unique
 * @param evaluation how they are judged
 * @param transfer another task, if any
 * @param sweep what made the flows, if they were not written one by one
 * @param published figures of others, shown beside ours
 */
public record ExperimentSpec(
        String name,
        long seed,
        TaskSpec task,
        NetworkSpec network,
        ZooSpec zoo,
        List<FlowSpec> flows,
        SamplingSpec sampling,
        List<SamplingSpec> samplings,
        EvaluationSpec evaluation,
        Optional<TransferSpec> transfer,
        Optional<SweepSpec> sweep,
        List<Publication> published) {

    /** Copies the lists. */
    public ExperimentSpec {
        flows = List.copyOf(flows);
        samplings = List.copyOf(samplings);
        published = List.copyOf(published);
    }

    /** The flow with this name. */
    public FlowSpec flow(String flowName) {
        return flows.stream()
                .filter(f -> f.name().equals(flowName))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("flow (%s) is not in this experiment. Maybe one of %s?"
                        .formatted(flowName, flows.stream().map(FlowSpec::name).toList())));
    }

    /** The same for some of the flows alone, without figures of others, which may compare with the rest. */
    public ExperimentSpec with(List<FlowSpec> some) {
        return new ExperimentSpec(
                name, seed, task, network, zoo, some, sampling, samplings, evaluation, transfer, sweep, List.of());
    }

    /** The sampling itself, then its variants: all that a final checkpoint is sampled with. */
    public List<SamplingSpec> allSamplings() {
        return Stream.concat(Stream.of(sampling), samplings.stream()).toList();
    }

    /** How a flow is sampled, then the variants. */
    public List<SamplingSpec> allSamplings(FlowSpec flow) {
        return Stream.concat(Stream.of(sampling(flow)), samplings.stream()).toList();
    }

    /** How a flow is sampled. */
    public SamplingSpec sampling(FlowSpec flow) {
        return flow.sampling().orElse(sampling);
    }

    /**
     * How a flow is sampled for the other task: its sampling, with the gradients of the transfer.
     *
     * @throws NoSuchElementException when there is no other task
     */
    public SamplingSpec transferSampling(FlowSpec flow) {
        GradientsSpec gradients =
                flow.transfer().orElseGet(() -> transfer.orElseThrow().gradients());
        return sampling(flow).with(gradients.guidance(), gradients.refine());
    }

    /** The variant of the sampling with this name; the empty name is the sampling itself. */
    public SamplingSpec sampling(String variant) {
        return allSamplings().stream()
                .filter(s -> s.name().equals(variant))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("sampling (%s) is not in this experiment. Maybe one of %s?"
                                .formatted(
                                        variant,
                                        samplings.stream()
                                                .map(SamplingSpec::name)
                                                .toList())));
    }
}
