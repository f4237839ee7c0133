package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.flow.Objective;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.solver.EulerSolver;
import dev.zooflow.flow.solver.SamplingNoise;
import dev.zooflow.flow.solver.TimeGrid;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.nn.Backbone;
import dev.zooflow.nn.Parameters;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

    // Networks integrated at once, by number of weights: bounds memory at about a gigabyte.
    private static final int WEIGHTS_AT_ONCE = 1 << 16;

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
        boolean anyWidth = spec.backbone().kind() != BackboneSpec.Kind.FLAT
                && spec.backbone().hiddenEmbedding() == BackboneSpec.HiddenEmbedding.SHARED;
        if (!anyWidth) {
            throw new IllegalArgumentException(
                    "flow (%s) reads no other architecture than %s. Maybe a graph backbone with hidden-embedding = shared?"
                            .formatted(spec.name(), trained));
        }
        CoordinateScale widerScale = WiderScale.of(this, LayerLayout.of(wider));
        return new WeightFlow(spec, trained, wider, sourceStd, parameters, widerScale, components);
    }

    /**
     * Generates networks by integrating the flow from its source.
     *
     * @param n number of networks
     * @param seed the same seed gives the same networks on the same machine
     */
    public WeightBatch sample(int n, SamplingSpec sampling, Seed seed) {
        int chunk = Math.max(1, WEIGHTS_AT_ONCE / architecture.parameters());
        try (Session session = new Session(sampling.truncation())) {
            List<WeightBatch> parts = new ArrayList<>();
            for (int from = 0; from < n; from += chunk) {
                parts.add(session.sample(Math.min(chunk, n - from), sampling, seed.child(from)));
            }
            return WeightBatch.concat(parts);
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

    private static float[] array(Map<String, float[]> arrays, String name, int length) {
        float[] values = arrays.get(name);
        if (values == null || values.length != length) {
            throw new IllegalArgumentException(
                    "array (%s) of the flow has %s values instead of %d. Maybe it belongs to another experiment?"
                            .formatted(name, values == null ? "no" : values.length, length));
        }
        return values;
    }

    /** The model in native memory. */
    private final class Session implements AutoCloseable {

        private final NDManager manager = Torch.manager();
        private final WeightSpace space =
                WeightSpace.of(spec, LayerLayout.of(architecture)).with(components);
        private final Objective objective = FlowTrainer.objective(spec, space);
        private final Parameters network;
        private final FlowNetwork field;

        Session(double truncation) {
            WeightSpace learned = WeightSpace.of(spec, LayerLayout.of(trained)).with(components);
            Backbone backbone = FlowNetwork.backbone(spec.backbone(), learned);
            network = new Parameters(manager, backbone.parameters(), parameters, false);
            field = new FlowNetwork(manager, backbone, spec.backbone(), space.layout(), scale, truncation);
        }

        WeightBatch sample(int n, SamplingSpec sampling, Seed seed) {
            return Autograd.pause(() -> {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray reference = Torch.array(manager, scale.reference(), new Shape(1, space.size()));
                    NDArray x0 = new Source(space, sourceStd)
                            .start(manager, n, spec.coupling(), reference, seed.child("source"));
                    NDArray x = new EulerSolver(space.geometry().path())
                            .integrate(velocity(), x0, TimeGrid.uniform(sampling.steps()), noise(sampling, seed));
                    NDArray theta = space.decode(space.geometry().points().projx(x));
                    return new WeightBatch(architecture, theta.toFloatArray());
                }
            });
        }

        private VelocityField velocity() {
            return (x, t) -> objective.velocity(x, t, field.forward(network, x, t));
        }

        private SamplingNoise noise(SamplingSpec sampling, Seed seed) {
            NDArray noiseScale = Torch.array(manager, scale.noiseScale(), new Shape(1, space.size()));
            return new SamplingNoise(sampling.noise(), sampling.noiseFrom(), noiseScale, seed.child("noise"));
        }

        @Override
        public void close() {
            network.close();
            manager.close();
        }
    }
}
