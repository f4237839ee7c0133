package dev.zooflow.model;

import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.LikelihoodSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.flow.guidance.Guide;
import dev.zooflow.flow.likelihood.LogLikelihood;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A trained flow over network weights: an immutable model, in Java memory, that generates networks.
 *
 * @param spec how it was made
 * @param trained architecture of the networks it has learned from
 * @param architecture of the networks it generates
 * @param sourceStd standard deviation of the source on raw weights
 * @param parameters averaged parameters of the backbone, [K]
 * @param scale reference and scales of the coordinates
 * @param components in which the flow describes weights; empty for weights themselves
 */
public record WeightFlow(
        FlowSpec spec,
        Architecture trained,
        Architecture architecture,
        double sourceStd,
        float[] parameters,
        CoordinateScale scale,
        Optional<PrincipalComponents> components) {

    // Weights of the networks that one thread integrates at once: bounds its memory at about a gigabyte.
    private static final int WEIGHTS_AT_ONCE = 1 << 16;
    // At most so many networks, to leave work for other threads; the same everywhere: each part has a seed of its own.
    private static final int NETWORKS_AT_ONCE = 16;

    /**
     * The same vector field over networks with wider hidden layers. Its reference is the trained one with repeated neurons,
     * and has the same function.
     *
     * @throws IllegalArgumentException when inputs, outputs or depth differ, when a hidden layer is narrower, or when the
     *     backbone reads no other architecture
     */
    public WeightFlow forArchitecture(Architecture wider) {
        if (wider.equals(architecture)) {
            return this;
        }
        if (!spec.backbone().readsOtherWidths(trained.hidden().size())) {
            throw new IllegalArgumentException(
                    "flow (%s) reads no other architecture than %s. Maybe a graph backbone with hidden-embedding = shared?"
                            .formatted(spec.name(), trained));
        }
        CoordinateScale widerScale = WiderScale.of(this, LayerLayout.of(wider));
        return new WeightFlow(spec, trained, wider, sourceStd, parameters, widerScale, components);
    }

    /**
     * Generated networks and what they cost.
     *
     * @param networks ordinary weights
     * @param gradientSteps gradients of a task's loss that each network has followed
     */
    public record Sampled(WeightBatch networks, int gradientSteps) {}

    /**
     * Generates networks by integrating the flow from its source, without guidance.
     *
     * @param n number of networks
     * @param seed the same seed gives the same networks on the same machine
     */
    public WeightBatch sample(int n, SamplingSpec sampling, Seed seed) {
        return sample(n, sampling, Optional.empty(), seed).networks();
    }

    /**
     * Generates networks by integrating the flow from its source.
     *
     * @param n number of networks
     * @param guide followed as {@code sampling.guidance} says
     * @param seed the same seed gives the same networks on the same machine
     */
    public Sampled sample(int n, SamplingSpec sampling, Optional<Guide> guide, Seed seed) {
        int chunk = Math.max(1, Math.min(NETWORKS_AT_ONCE, WEIGHTS_AT_ONCE / architecture.parameters()));
        WeightBatch[] parts = new WeightBatch[(n + chunk - 1) / chunk];
        // A guide has a state that its networks share.
        int workers = guide.isPresent() ? 1 : Math.min(Torch.threads(), parts.length);
        int gradientSteps = IntStream.range(0, workers)
                .parallel()
                .map(worker -> {
                    try (FlowSession session = new FlowSession(this, sampling, guide)) {
                        for (int k = worker; k < parts.length; k += workers) {
                            int from = k * chunk;
                            parts[k] = session.sample(Math.min(chunk, n - from), sampling, seed.child(from));
                        }
                        return session.gradientSteps(parts.length);
                    }
                })
                .max()
                .orElse(0);
        return new Sampled(WeightBatch.concat(Arrays.asList(parts)), gradientSteps);
    }

    /**
     * Log densities of networks under the flow at time {@code likelihood.end}, with respect to the volume of the flow's
     * space, which are raw weights or, for a Geometric flow, canonical ones. Those of a flow with a permutation-aware coupling
     * lack Σ log n_l! (n_l: neurons of hidden layer l), the same for all networks.
     *
     * @param networks aligned as the flow's data
     * @throws IllegalArgumentException for a Normalized flow, which has no density
     * @throws ArithmeticException if a network has none, as one with a neuron that nothing reaches or leaves
     */
    public LogLikelihood logLikelihood(WeightBatch networks, LikelihoodSpec likelihood, Seed seed) {
        int chunk = Math.max(1, WEIGHTS_AT_ONCE / 2 / architecture.parameters());
        double[][] estimates = new double[networks.size()][];
        try (FlowSession session = new FlowSession(this)) {
            for (int from = 0; from < networks.size(); from += chunk) {
                WeightBatch part = networks.slice(from, Math.min(from + chunk, networks.size()));
                double[][] values = session.logDensities(part, likelihood, seed.child(from));
                System.arraycopy(values, 0, estimates, from, values.length);
            }
            return LogLikelihood.ofEstimates(estimates, session.dimension());
        }
    }

    /**
     * Arrays of the model, by name: with {@link #restore} the form in which it is stored.
     *
     * @throws IllegalStateException for a flow made for another architecture: store the one it was made from
     */
    public Map<String, float[]> arrays() {
        if (!architecture.equals(trained)) {
            throw new IllegalStateException("flow (%s) for %s was made from one for %s. Maybe store that?"
                    .formatted(spec.name(), architecture, trained));
        }
        Map<String, float[]> arrays = new LinkedHashMap<>();
        arrays.put("parameters", parameters);
        arrays.put("reference", scale.reference());
        arrays.put("base", scale.base());
        arrays.put("input_scale", scale.inputScale());
        arrays.put("output_scale", scale.outputScale());
        arrays.put("loss_weight", scale.lossWeight());
        arrays.put("noise_scale", scale.noiseScale());
        components.ifPresent(pca -> {
            arrays.put("pca_mean", pca.mean());
            arrays.put("pca_components", pca.components());
        });
        return arrays;
    }

    /**
     * The model with these arrays.
     *
     * @throws IllegalArgumentException when an array is missing or has the wrong length
     */
    public static WeightFlow restore(
            FlowSpec spec, Architecture architecture, double sourceStd, Map<String, float[]> arrays) {
        Optional<PrincipalComponents> components = components(spec, architecture, arrays);
        WeightSpace space = WeightSpace.of(spec, LayerLayout.of(architecture)).with(components);
        int parameters =
                FlowNetwork.backbone(spec.backbone(), space).parameters().size();
        CoordinateScale scale = new CoordinateScale(
                array(arrays, "reference", space.size()),
                array(arrays, "base", space.size()),
                array(arrays, "input_scale", space.size()),
                array(arrays, "output_scale", space.size()),
                array(arrays, "loss_weight", space.size()),
                array(arrays, "noise_scale", space.size()));
        return new WeightFlow(
                spec,
                architecture,
                architecture,
                sourceStd,
                array(arrays, "parameters", parameters),
                scale,
                components);
    }

    private static Optional<PrincipalComponents> components(
            FlowSpec spec, Architecture architecture, Map<String, float[]> arrays) {
        int count = spec.backbone().pcaComponents();
        int weights = architecture.parameters();
        return count == 0
                ? Optional.empty()
                : Optional.of(new PrincipalComponents(
                        array(arrays, "pca_mean", weights), array(arrays, "pca_components", count * weights)));
    }

    static float[] array(Map<String, float[]> arrays, String name, int length) {
        float[] values = arrays.get(name);
        if (values == null || values.length != length) {
            throw new IllegalArgumentException(
                    "array (%s) of the flow has %s values instead of %d. Maybe it belongs to another experiment?"
                            .formatted(name, values == null ? "no" : values.length, length));
        }
        return values;
    }
}
