package dev.zooflow.actor;

import dev.zooflow.data.Dataset;
import dev.zooflow.eval.GroupScore;
import dev.zooflow.eval.TaskEvaluator;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.GuidanceSpec;
import dev.zooflow.experiment.RefineSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.experiment.TransferSpec;
import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Task;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Descent;
import dev.zooflow.zoo.InitialWeights;
import dev.zooflow.zoo.Refinement;

/**
 * The zoo's flows on another task: guided to it and as a start of training on it, beside networks that are trained for it from
 * scratch. Guidance and training see the other task's training split, scores and curves come from its test split.
 */
final class Transfer {

    private static final String PREFIX = Task.TransferFlow.PREFIX;

    private final Task task;
    private final WorkContext context;
    private final ExperimentSpec spec;
    private final TransferSpec transfer;
    private final Architecture architecture;
    private final Dataset target;
    private final Seed seed;
    private final TaskEvaluator evaluator;

    /** Transfers what a task asks for. */
    Transfer(Task task, TaskData data, WorkContext context) {
        this.task = task;
        this.context = context;
        this.spec = data.experiment(task);
        this.transfer = spec.transfer()
                .orElseThrow(() -> new UnprocessableTaskException(
                        "task (%s) is of an experiment without transfer".formatted(task.id())));
        this.architecture = data.architecture(spec);
        this.target = data.dataset(transfer.task(), spec.seed());
        this.seed = TaskData.seed(spec, "transfer");
        this.evaluator = new TaskEvaluator(spec.evaluation(), target.test(), seed.child("evaluation"));
        checkShape();
    }

    private void checkShape() {
        int classes = target.classes().size();
        if (target.features() != architecture.inputs() || classes != architecture.outputs()) {
            throw UserError.usage(
                    "transfer.task (%s) has %d inputs and %d classes, but the zoo's networks are %s. Maybe another task?"
                            .formatted(target.name(), target.features(), classes, architecture));
        }
    }

    /** Scores a flow's networks guided and refined, and without either, and trains on from some of the latter. */
    void flow(WeightFlow flow) {
        String name = flow.spec().name();
        Seed own = seed.child("flow").child(name);
        WeightFlow.Sampled guided =
                Generation.generate(flow, transfer.networks(), spec.transferSampling(flow.spec()), target::train, own);
        publish(PREFIX + name, guided.networks(), guided.gradientSteps());
        context.checkCancelled();
        SamplingSpec plain = spec.sampling(flow.spec()).with(GuidanceSpec.NONE, RefineSpec.NONE);
        publish(PREFIX + name + "-unguided", flow.sample(transfer.networks(), plain, own), 0);
        context.checkCancelled();
        curve(PREFIX + name, flow.sample(transfer.initialisation().runs(), plain, own.child("initialisation")));
    }

    /** Scores networks trained for the task, and trains random ones. */
    void baselines() {
        Seed own = seed.child("trained");
        WeightBatch start = random(own, transfer.networks());
        try (Refinement training = new Refinement(start, Descent.of(spec.zoo()), target.train(), own)) {
            for (int epoch = 0; epoch < transfer.epochs(); epoch++) {
                context.checkCancelled();
                training.step(training.stepsPerEpoch());
            }
            publish(PREFIX + "trained", training.networks(), transfer.epochs() * training.stepsPerEpoch());
        }
        curve(
                PREFIX + "random",
                random(seed.child("random"), transfer.initialisation().runs()));
    }

    private WeightBatch random(Seed own, int n) {
        return InitialWeights.draw(architecture, spec.zoo().initialStd(), own, 0, n);
    }

    private void publish(String group, WeightBatch networks, int gradientSteps) {
        GroupScore s = evaluator.score(group, networks, gradientSteps);
        context.publish(new Score(task.run(), s.group(), 0, 0, 0, true, s.n(), s.values(), s.series()));
    }

    /** One point per epoch, the first before any training. All starts see the same mini-batches. */
    private void curve(String stage, WeightBatch start) {
        TransferSpec.Initialisation initialisation = transfer.initialisation();
        Descent descent = Descent.of(initialisation, spec.zoo().batchSize());
        long begin = System.nanoTime();
        try (Refinement training = new Refinement(start, descent, target.train(), seed.child("curve"))) {
            for (int epoch = 0; epoch <= initialisation.epochs(); epoch++) {
                context.checkCancelled();
                if (epoch > 0) {
                    training.step(training.stepsPerEpoch());
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                double progress = (double) epoch / initialisation.epochs();
                context.publish(new MetricPoint(
                        task.run(),
                        stage,
                        context.attempt(),
                        epoch,
                        seconds,
                        progress,
                        evaluator.accuracy(training.networks())));
            }
        }
    }
}
