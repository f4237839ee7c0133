package dev.zooflow.experiment;

import dev.zooflow.graph.Architecture;

/**
 * Floating-point operations of an experiment's parts, roughly: training a perceptron costs 6 operations per parameter and
 * example (2 forward, 4 backward); a graph backbone costs some 24 d_E² operations per weight and layer, three times that with
 * the backward pass.
 *
 * @param architecture of the base networks
 */
record Operations(Architecture architecture) {

    private static final double GRAPH_COST = 24;
    // Of a solver that chooses its steps, at the default tolerance.
    private static final int ADAPTIVE_STEPS = 12;

    /** Gradients of the task's loss over so many examples in all. */
    double gradients(double examples) {
        return 6.0 * architecture.parameters() * examples;
    }

    /** One training step of a flow. */
    double step(FlowSpec flow) {
        return 3 * forward(flow.backbone()) * flow.training().batchSize();
    }

    /** Integrating a flow for networks, without guidance. */
    double integration(FlowSpec flow, SamplingSpec sampling, double networks) {
        return forward(flow.backbone()) * evaluations(sampling) * networks;
    }

    /** The gradients that networks follow while they are integrated and afterwards. */
    double gradients(SamplingSpec sampling, double networks) {
        GuidanceSpec guidance = sampling.guidance();
        RefineSpec refine = sampling.refine();
        double guided = guidance.isOn() ? (guidance.to() - guidance.from()) * guidance.batchSize() : 0;
        double refined = (double) refine.steps() * refine.batchSize();
        return gradients((guided * evaluations(sampling) + refined) * networks);
    }

    /** Log densities: with every evaluation of the field a product with its transposed Jacobian for each probe. */
    double likelihood(FlowSpec flow, LikelihoodSpec likelihood, double networks) {
        double evaluations = (double) likelihood.steps() * likelihood.solver().stages() * (1 + likelihood.probes());
        return likelihood.appliesTo(flow) ? forward(flow.backbone()) * evaluations * networks : 0;
    }

    /** One evaluation of the vector field at one network. */
    private double forward(BackboneSpec backbone) {
        double width = backbone.width();
        return switch (backbone.kind()) {
            case RELATIONAL_TRANSFORMER, PNA ->
                GRAPH_COST * width * width * backbone.layers() * architecture.parameters();
            case NEURON_TRANSFORMER -> neurons(width, backbone.layers());
            // First and last layer, a multiply-add per weight.
            case FLAT -> 4 * width * architecture.parameters();
        };
    }

    // Every weight is read and written once for each of its hidden neurons; then each token passes the blocks.
    private double neurons(double width, int layers) {
        double tokens =
                1 + architecture.hidden().stream().mapToInt(Integer::intValue).sum();
        return 4 * width * architecture.parameters() + 24 * layers * tokens * width * width;
    }

    /** Parameters of a backbone: half an operation each in what {@link #forward} counts for a weight, token or example. */
    double parameters(BackboneSpec backbone) {
        double width = backbone.width();
        return switch (backbone.kind()) {
            case RELATIONAL_TRANSFORMER, PNA -> GRAPH_COST * width * width * backbone.layers();
            case NEURON_TRANSFORMER -> 2 * width * architecture.parameters() + 12 * backbone.layers() * width * width;
            case FLAT -> 2 * width * architecture.parameters();
        };
    }

    private static double evaluations(SamplingSpec sampling) {
        int steps = sampling.solver().isAdaptive() ? ADAPTIVE_STEPS : sampling.steps();
        return (double) steps * sampling.solver().stages();
    }
}
