package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.flow.Objective;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.guidance.Guide;
import dev.zooflow.flow.guidance.GuidedField;
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
 * @param architecture of the networks it generates
 * @param sourceStd standard deviation of the source on raw weights
 * @param parameters averaged parameters of the backbone, [K]
 * @param scale reference and scales of the coordinates
 */
public record WeightFlow(
        FlowSpec spec, Architecture architecture, double sourceStd, float[] parameters, CoordinateScale scale) {

    // Networks integrated at once, by number of weights: bounds memory at about a gigabyte.
    private static final int WEIGHTS_AT_ONCE = 1 << 16;

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
        int chunk = Math.max(1, WEIGHTS_AT_ONCE / architecture.parameters());
        try (Session session = new Session(sampling, guide)) {
            List<WeightBatch> parts = new ArrayList<>();
            for (int from = 0; from < n; from += chunk) {
                parts.add(session.sample(Math.min(chunk, n - from), sampling, seed.child(from)));
            }
            return new Sampled(WeightBatch.concat(parts), session.gradientSteps(parts.size()));
        }
    }

    /** Arrays of the model, by name: with {@link #restore} the form in which it is stored. */
    public Map<String, float[]> arrays() {
        Map<String, float[]> arrays = new LinkedHashMap<>();
        arrays.put("parameters", parameters);
        arrays.put("reference", scale.reference());
        arrays.put("base", scale.base());
        arrays.put("input_scale", scale.inputScale());
        arrays.put("output_scale", scale.outputScale());
        arrays.put("loss_weight", scale.lossWeight());
        arrays.put("noise_scale", scale.noiseScale());
        return arrays;
    }

    /**
     * The model with these arrays.
     *
     * @throws IllegalArgumentException when an array is missing or has the wrong length
     */
    public static WeightFlow restore(
            FlowSpec spec, Architecture architecture, double sourceStd, Map<String, float[]> arrays) {
        WeightSpace space = WeightSpace.of(spec, LayerLayout.of(architecture));
        int parameters =
                FlowNetwork.backbone(spec.backbone(), space).parameters().size();
        CoordinateScale scale = new CoordinateScale(
                array(arrays, "reference", space.size()),
                array(arrays, "base", space.size()),
                array(arrays, "input_scale", space.size()),
                array(arrays, "output_scale", space.size()),
                array(arrays, "loss_weight", space.size()),
                array(arrays, "noise_scale", space.size()));
        return new WeightFlow(spec, architecture, sourceStd, array(arrays, "parameters", parameters), scale);
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
        private final WeightSpace space = WeightSpace.of(spec, LayerLayout.of(architecture));
        private final Objective objective = FlowTrainer.objective(spec, space);
        private final Parameters network;
        private final VelocityField field;
        private final Optional<Guide> guide;
        private int evaluations;

        Session(SamplingSpec sampling, Optional<Guide> guide) {
            Backbone backbone = FlowNetwork.backbone(spec.backbone(), space);
            network = new Parameters(manager, backbone.parameters(), parameters, false);
            FlowNetwork backboneField =
                    new FlowNetwork(manager, backbone, spec.backbone(), space.layout(), scale, sampling.truncation());
            field = (x, t) -> objective.velocity(x, t, backboneField.forward(network, x, t));
            this.guide = guide.map(g -> (theta, step) -> g.gradient(theta, evaluations++));
        }

        WeightBatch sample(int n, SamplingSpec sampling, Seed seed) {
            return Autograd.pause(() -> {
                try (NDScope scope = new NDScope()) {
                    scope.suppressNotUsedWarning();
                    NDArray x0 = new Source(space, sourceStd).sample(manager, n, seed.child("source"));
                    NDArray x = integrate(x0, sampling, seed);
                    NDArray theta = space.decode(space.geometry().points().projx(x));
                    return new WeightBatch(architecture, theta.toFloatArray());
                }
            });
        }

        private NDArray integrate(NDArray x0, SamplingSpec sampling, Seed seed) {
            EulerSolver solver = new EulerSolver(space.geometry().path());
            TimeGrid grid = TimeGrid.uniform(sampling.steps());
            SamplingNoise noise = noise(sampling, seed);
            if (guide.isEmpty()) {
                return solver.integrate(field, x0, grid, noise);
            }
            try (GuidedField guided = Guidance.of(field, space, sampling.guidance(), guide.get())) {
                return solver.integrate(guided, x0, grid, noise);
            }
        }

        // Every chunk of networks goes the same way.
        int gradientSteps(int chunks) {
            return -Math.floorDiv(-evaluations, chunks);
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
