package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.LikelihoodSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.flow.Objective;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.guidance.Guide;
import dev.zooflow.flow.guidance.GuidedField;
import dev.zooflow.flow.likelihood.ChangeOfVariables;
import dev.zooflow.flow.likelihood.ChangeOfVariables.Origin;
import dev.zooflow.flow.likelihood.Probes;
import dev.zooflow.flow.solver.AdaptiveSolver;
import dev.zooflow.flow.solver.ButcherTableau;
import dev.zooflow.flow.solver.FixedStepSolver;
import dev.zooflow.flow.solver.SamplingNoise;
import dev.zooflow.flow.solver.TimeGrid;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.nn.Backbone;
import dev.zooflow.nn.Parameters;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Optional;

/** A {@link WeightFlow} in native memory, for as long as it generates networks or tells their likelihood. */
final class FlowSession implements AutoCloseable {

    private final NDManager manager = Torch.manager();
    private final WeightFlow flow;
    private final WeightSpace space;
    private final Parameters network;
    private final VelocityField field;
    private final Optional<Guide> guide;
    private int evaluations;

    /** A session without truncation and guidance. */
    FlowSession(WeightFlow flow) {
        this(flow, 1, Optional.empty());
    }

    FlowSession(WeightFlow flow, SamplingSpec sampling, Optional<Guide> guide) {
        this(flow, sampling.truncation(), guide);
    }

    private FlowSession(WeightFlow flow, double truncation, Optional<Guide> guide) {
        this.flow = flow;
        this.space =
                WeightSpace.of(flow.spec(), LayerLayout.of(flow.architecture())).with(flow.components());
        Objective objective = FlowTrainer.objective(flow.spec(), space);
        WeightSpace learned =
                WeightSpace.of(flow.spec(), LayerLayout.of(flow.trained())).with(flow.components());
        Backbone backbone = FlowNetwork.backbone(flow.spec().backbone(), learned);
        this.network = new Parameters(manager, backbone.parameters(), flow.parameters(), false);
        FlowNetwork predictor =
                new FlowNetwork(manager, backbone, flow.spec(), space.layout(), flow.scale(), truncation);
        this.field = (x, t) -> objective.velocity(x, t, predictor.forward(network, x, t));
        this.guide = guide.map(g -> (theta, step) -> g.gradient(theta, evaluations++));
    }

    /** Dimension of the manifold on which the flow's points lie. */
    int dimension() {
        return space.dimension();
    }

    /** Integrates n points from the source. */
    WeightBatch sample(int n, SamplingSpec sampling, Seed seed) {
        return Autograd.pause(() -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray reference = Torch.array(manager, flow.scale().reference(), new Shape(1, space.size()));
                NDArray x0 = source().start(manager, n, flow.spec().coupling(), reference, seed.child("source"));
                return sample(x0, sampling, seed);
            }
        });
    }

    /** The networks to which the flow carries points [n, P]. */
    WeightBatch sample(NDArray x0, SamplingSpec sampling, Seed seed) {
        NDArray x = integrate(x0, sampling, seed);
        NDArray theta = space.decode(space.geometry().points().projx(x));
        return new WeightBatch(flow.architecture(), theta.toFloatArray());
    }

    private Source source() {
        return new Source(space, flow.sourceStd());
    }

    private NDArray integrate(NDArray x0, SamplingSpec sampling, Seed seed) {
        if (guide.isEmpty()) {
            return integrate(field, x0, sampling, seed);
        }
        try (GuidedField guided = Guidance.of(field, space, sampling.guidance(), guide.get())) {
            return integrate(guided, x0, sampling, seed);
        }
    }

    private NDArray integrate(VelocityField velocity, NDArray x0, SamplingSpec sampling, Seed seed) {
        Manifold path = space.geometry().path();
        ButcherTableau method = Solvers.tableau(sampling.solver());
        if (sampling.solver().isAdaptive()) {
            NDArray size = Torch.array(manager, flow.scale().inputScale(), new Shape(1, space.size()));
            return new AdaptiveSolver(path, method, sampling.rtol(), sampling.atol(), size)
                    .integrate(velocity, x0, 0, 1)
                    .x();
        }
        return new FixedStepSolver(path, method)
                .integrate(velocity, x0, TimeGrid.uniform(sampling.steps()), noise(sampling, seed))
                .x();
    }

    private SamplingNoise noise(SamplingSpec sampling, Seed seed) {
        NDArray noiseScale = Torch.array(manager, flow.scale().noiseScale(), new Shape(1, space.size()));
        return new SamplingNoise(sampling.noise(), sampling.noiseFrom(), noiseScale, seed.child("noise"));
    }

    /** Gradients that each network followed, when all were integrated in so many chunks: every chunk goes the same way. */
    int gradientSteps(int chunks) {
        return -Math.floorDiv(-evaluations, chunks);
    }

    /** Log densities of networks, [n][K], one estimate for each probe. */
    double[][] logDensities(WeightBatch networks, LikelihoodSpec likelihood, Seed seed) {
        return Autograd.pause(() -> {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray theta = Torch.array(
                        manager,
                        networks.theta(),
                        new Shape(networks.size(), space.layout().size()));
                NDArray x = space.encode(theta);
                Probes probes = Probes.rademacher(manager, x.getShape(), likelihood.probes(), seed);
                Origin origin = new ChangeOfVariables(space.geometry().path(), Solvers.tableau(likelihood.solver()))
                        .backwards(field, x, likelihood.end(), likelihood.steps(), probes);
                NDArray x0 = space.geometry().points().projx(origin.x0());
                return sums(source().logDensity(x0), origin.logRatio().toFloatArray());
            }
        });
    }

    private static double[][] sums(double[] source, float[] logRatio) {
        int estimates = logRatio.length / source.length;
        double[][] out = new double[source.length][estimates];
        for (int i = 0; i < logRatio.length; i++) {
            int row = i / estimates;
            out[row][i % estimates] = source[row] + logRatio[i];
        }
        return out;
    }

    @Override
    public void close() {
        network.close();
        manager.close();
    }
}
