package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.TrainingSpec;
import dev.zooflow.flow.Objective;
import dev.zooflow.flow.VelocityPrediction;
import dev.zooflow.flow.X1Prediction;
import dev.zooflow.flow.path.PathSample;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.nn.AdamW;
import dev.zooflow.nn.Backbone;
import dev.zooflow.nn.Dropout;
import dev.zooflow.nn.LearningRate;
import dev.zooflow.nn.MovingAverage;
import dev.zooflow.nn.ParameterLayout;
import dev.zooflow.nn.Parameters;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Map;
import java.util.Optional;

/**
 * Trains a flow on a zoo, one optimiser step at a time. All randomness of a step derives from the seed and the number of
 * the step. Not thread-safe.
 *
 * <p>Legend: N training networks, B batch, P coordinates.
 */
public final class FlowTrainer implements AutoCloseable {

    private static final String PARAMETERS = "parameters";
    private static final String AVERAGE = "average";
    private static final String MEAN = "optimizer_mean";
    private static final String SQUARE = "optimizer_square";

    private final FlowSpec spec;
    private final Architecture architecture;
    private final double sourceStd;
    private final Seed seed;
    private final NDManager manager = Torch.manager();
    private final WeightSpace space;
    private final Objective objective;
    private final CoordinateScale scale;
    private final NDArray data;
    private final MiniBatches batches;
    private final NDArray lossWeight;
    private final Parameters parameters;
    private final GradientShards shards;
    private final FlowNetwork network;
    private final AdamW optimizer;
    private final LearningRate learningRate;
    private final MovingAverage average;
    private long step;

    /**
     * What one step measured.
     *
     * @param loss of the mini-batch
     * @param gradientNorm before clipping
     */
    public record StepResult(double loss, double gradientNorm) {}

    /**
     * Prepares the training: aligns the zoo if the flow asks for it, measures the scales, initialises the network.
     *
     * @param initialStd standard deviation of the base networks' initialisation
     * @param training N raw networks
     */
    public FlowTrainer(FlowSpec spec, double initialStd, WeightBatch training, Seed seed) {
        this(spec, initialStd, TrainingNetworks.of(training), Optional.empty(), seed);
    }

    /**
     * Prepares the training with an alignment that may look at the networks' task.
     *
     * @param initialStd standard deviation of the base networks' initialisation
     * @param training N raw networks, with their initial weights if the coupling needs them
     * @param loss of the task, asked only while this constructor runs; may be empty if the alignment does not use it
     */
    public FlowTrainer(
            FlowSpec spec, double initialStd, TrainingNetworks training, Optional<BatchLoss> loss, Seed seed) {
        this.spec = spec;
        this.architecture = training.networks().architecture();
        this.sourceStd = initialStd * spec.sourceScale();
        this.seed = seed;
        try {
            LayerLayout layout = LayerLayout.of(architecture);
            TrainingNetworks aligned = FlowAlignment.align(spec, training, loss, seed.child("alignment"));
            try (NDManager scope = manager.newSubManager()) {
                NDArray theta = weights(scope, aligned.networks());
                this.space = WeightSpace.of(spec, layout).with(components(theta));
                this.data = space.encode(theta);
                this.data.attach(manager);
            }
            Optional<NDArray> starts = starts(aligned);
            this.objective = objective(spec, space);
            Source source = new Source(space, sourceStd);
            this.scale = TrainingScale.measure(spec, space, source, data, seed);
            NDArray reference = Torch.array(manager, scale.reference(), new Shape(1, space.size()));
            this.batches = new MiniBatches(spec, space, source, data, starts, reference);
            this.lossWeight = Torch.array(manager, scale.squaredLossWeight(), new Shape(1, space.size()));
            Backbone backbone = FlowNetwork.backbone(spec.backbone(), space);
            this.parameters = new Parameters(
                    manager,
                    backbone.parameters(),
                    backbone.parameters().initialValues(seed.child("parameters")),
                    false);
            this.shards = new GradientShards(
                    manager,
                    parameters,
                    Math.min(Torch.threads(), spec.training().batchSize()));
            this.network = new FlowNetwork(manager, backbone, spec, layout, scale, 1);
            TrainingSpec t = spec.training();
            double decay = t.optimizer() == TrainingSpec.Optimizer.ADAMW ? t.weightDecay() : 0;
            this.optimizer = new AdamW(manager, backbone.parameters(), decay, t.clipNorm());
            this.learningRate = new LearningRate(t.learningRate(), t.warmUp());
            this.average = new MovingAverage(manager, parameters.flat(), t.emaDecay());
        } catch (RuntimeException | Error e) {
            // Nobody else could: what the constructor doesn't return is closed by no try.
            manager.close();
            throw e;
        }
    }

    private static NDArray weights(NDManager scope, WeightBatch networks) {
        return Torch.array(
                scope,
                networks.theta(),
                new Shape(networks.size(), networks.architecture().parameters()));
    }

    // x0 of each row of the data, where the coupling says so.
    private Optional<NDArray> starts(TrainingNetworks aligned) {
        if (spec.coupling() != FlowSpec.CouplingKind.TRAJECTORY) {
            return Optional.empty();
        }
        WeightBatch initial = aligned.initial()
                .orElseThrow(
                        () -> new IllegalArgumentException(
                                "coupling (trajectory) needs the initial weights of the networks. Maybe coupling = independent?"));
        try (NDManager scope = manager.newSubManager()) {
            NDArray starts = space.encode(weights(scope, initial));
            starts.attach(manager);
            return Optional.of(starts);
        }
    }

    private Optional<PrincipalComponents> components(NDArray aligned) {
        int count = spec.backbone().pcaComponents();
        return count == 0 ? Optional.empty() : Optional.of(PrincipalComponents.of(aligned, count));
    }

    static Objective objective(FlowSpec spec, WeightSpace space) {
        return switch (spec.prediction()) {
            case X1, X1_PRECONDITIONED -> new X1Prediction(space.geometry());
            case VELOCITY -> new VelocityPrediction(space.geometry());
        };
    }

    /**
     * One optimiser step.
     *
     * @param progress share of the budget used up, in [0, 1], which the learning rate follows
     */
    public StepResult step(double progress) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            Seed stepSeed = seed.child(step);
            PathSample sample = draw(stepSeed);
            GradientShards.Result result =
                    shards.compute(sample, (shard, pairs, firstRow) -> loss(shard, pairs, dropout(stepSeed, firstRow)));
            double gradientNorm = optimizer.step(parameters.flat(), result.gradient(), learningRate.at(step, progress));
            average.update(parameters.flat());
            step++;
            return new StepResult(result.loss(), gradientNorm);
        }
    }

    // The contribution of some pairs to the mean over the mini-batch.
    NDArray loss(Parameters shard, PathSample sample, Dropout dropout) {
        NDArray output = network.forward(shard, sample.xt(), sample.t(), dropout);
        NDArray sum =
                objective.residual(sample, output).square().mul(lossWeight).sum();
        return Autograd.scale(sum, 1.0 / spec.training().batchSize());
    }

    private Dropout dropout(Seed stepSeed, int firstRow) {
        return new Dropout(spec.backbone().dropout(), stepSeed.child("dropout"), firstRow);
    }

    PathSample draw(Seed stepSeed) {
        return batches.draw(stepSeed);
    }

    /** Optimiser steps so far. */
    public long steps() {
        return step;
    }

    /** Copies of all that one step leaves to the next, by name; with {@link #restore} the form in which it is stored. */
    public Map<String, float[]> arrays() {
        return Map.of(
                PARAMETERS, parameters.values(),
                AVERAGE, average.values(),
                MEAN, optimizer.mean(),
                SQUARE, optimizer.square());
    }

    /**
     * Goes on where a trainer of the same flow, zoo and seed was after so many steps.
     *
     * @throws IllegalArgumentException when an array is missing or has the wrong length
     */
    public void restore(long steps, Map<String, float[]> arrays) {
        float[] values = stored(arrays, PARAMETERS);
        float[] averaged = stored(arrays, AVERAGE);
        float[] mean = stored(arrays, MEAN);
        float[] square = stored(arrays, SQUARE);
        Torch.overwrite(parameters.flat(), values);
        average.restore(steps, averaged);
        optimizer.restore(steps, mean, square);
        step = steps;
    }

    private float[] stored(Map<String, float[]> arrays, String name) {
        return WeightFlow.array(arrays, name, parameters.layout().size());
    }

    ParameterLayout parameterLayout() {
        return parameters.layout();
    }

    /** Arrays in native memory that live from step to step. */
    int arraysHeld() {
        return manager.getManagedArrays().size();
    }

    /** The flow with the averaged parameters of this moment. */
    public WeightFlow snapshot() {
        return new WeightFlow(spec, architecture, architecture, sourceStd, average.values(), scale, space.components());
    }

    @Override
    public void close() {
        shards.close();
        parameters.close();
        optimizer.close();
        average.close();
        manager.close();
    }
}
