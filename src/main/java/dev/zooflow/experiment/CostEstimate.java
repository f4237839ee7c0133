package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;
import java.time.Duration;
import java.util.List;

/**
 * Roughly how long the stages of an experiment take on two processor cores. Counts floating-point operations and divides by
 * a rate: training a perceptron costs 6 operations per parameter and example (2 forward, 4 backward); a graph
 * backbone costs some 24 d_E² operations per weight and layer, three times that with the backward pass.
 *
 * @param zoo training of all base networks
 * @param flows training of each flow, in their order
 * @param sampling generation of the final networks of all flows
 */
record CostEstimate(Duration zoo, List<Duration> flows, Duration sampling) {

    // Measured on two cores of an AMD EPYC with AVX-512: small batched products, and the transformer's large ones.
    private static final double ZOO_FLOPS = 8e9;
    private static final double FLOW_FLOPS = 5e10;
    private static final double GRAPH_COST = 24;
    // Of a solver that chooses its steps, at the default tolerance.
    private static final int ADAPTIVE_STEPS = 12;

    static CostEstimate of(ExperimentSpec spec, Architecture architecture, int examples) {
        ZooSpec zoo = spec.zoo();
        double trained =
                examples * (1 - spec.task().validationFraction() - spec.task().testFraction());
        int trajectories = zoo.kind() == ZooSpec.Kind.TRAINED ? zoo.trajectories() : 0;
        double zooOperations = 6.0 * architecture.parameters() * trained * zoo.epochs() * trajectories;
        double evaluations = spec.allSamplings().stream()
                .mapToDouble(s -> s.networks() * evaluations(s))
                .sum();
        double samplingOperations = spec.flows().stream()
                .mapToDouble(f -> forward(f.backbone(), architecture) * evaluations)
                .sum();
        return new CostEstimate(
                seconds(zooOperations / ZOO_FLOPS),
                spec.flows().stream().map(f -> training(f, architecture)).toList(),
                seconds(samplingOperations / FLOW_FLOPS));
    }

    /** The sum of all stages, as if they ran one after the other. */
    Duration total() {
        return flows.stream().reduce(zoo.plus(sampling), Duration::plus);
    }

    private static Duration training(FlowSpec flow, Architecture architecture) {
        TrainingSpec training = flow.training();
        double step = 3 * forward(flow.backbone(), architecture) * training.batchSize() / FLOW_FLOPS;
        Duration bySteps = seconds(step * training.steps());
        if (training.steps() == 0) {
            return training.time();
        }
        return training.time().isZero() || bySteps.compareTo(training.time()) < 0 ? bySteps : training.time();
    }

    /** Operations of one evaluation of the vector field at one network. */
    private static double forward(BackboneSpec backbone, Architecture architecture) {
        double width = backbone.width();
        return switch (backbone.kind()) {
            case RELATIONAL_TRANSFORMER, PNA ->
                GRAPH_COST * width * width * backbone.layers() * architecture.parameters();
            case NEURON_TRANSFORMER -> neurons(width, backbone.layers(), architecture);
            // First and last layer, a multiply-add per weight.
            case FLAT -> 4 * width * architecture.parameters();
        };
    }

    // Every weight is read and written once for each of its hidden neurons; then each token passes the blocks.
    private static double neurons(double width, int layers, Architecture architecture) {
        double tokens =
                1 + architecture.hidden().stream().mapToInt(Integer::intValue).sum();
        return 4 * width * architecture.parameters() + 24 * layers * tokens * width * width;
    }

    private static double evaluations(SamplingSpec sampling) {
        int steps = sampling.solver().isAdaptive() ? ADAPTIVE_STEPS : sampling.steps();
        return (double) steps * sampling.solver().stages();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1000));
    }
}
