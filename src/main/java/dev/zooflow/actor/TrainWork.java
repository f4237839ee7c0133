package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.model.FlowTraining;
import dev.zooflow.model.TrainingNetworks;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Zoo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Trains a flow on the zoo of its run. */
public final class TrainWork implements RoleWork {

    private final TaskData data;
    private final RunZoos zoos;
    private final BlobStore blobs;

    /** Works on zoos from there and puts checkpoints here. */
    public TrainWork(TaskData data, RunZoos zoos, BlobStore blobs) {
        this.data = data;
        this.zoos = zoos;
        this.blobs = blobs;
    }

    @Override
    public Role role() {
        return Role.TRAINER;
    }

    @Override
    public void perform(Task task, WorkContext context) {
        if (!(task instanceof Task.TrainFlow train)) {
            throw new UnprocessableTaskException("task (%s) is none of a trainer".formatted(task.id()));
        }
        ExperimentSpec spec = data.experiment(task);
        FlowSpec flow = FlowOfTask.of(spec, train.flow());
        TrainingNetworks training = training(spec, flow, zoos.of(task.run(), spec));
        Checkpoints checkpoints = new Checkpoints(train, context);
        try (FlowTrainer trainer = trainer(spec, flow, training)) {
            if (!FlowTraining.run(trainer, flow.training(), checkpoints, context::cancelled)) {
                throw new CancellationException("training of %s cancelled".formatted(flow.name()));
            }
        } catch (ArithmeticException e) {
            // The same seed leads to the same end, so another attempt is of no use.
            throw new UnprocessableTaskException("flow (%s): %s".formatted(flow.name(), e.getMessage()), e);
        }
    }

    private static TrainingNetworks training(ExperimentSpec spec, FlowSpec flow, Zoo zoo) {
        WeightBatch networks = zoo.training(flow.zooTrajectories());
        if (flow.coupling() != FlowSpec.CouplingKind.TRAJECTORY) {
            return TrainingNetworks.of(networks);
        }
        WeightBatch initial = zoo.initial(flow.zooTrajectories(), spec.zoo().initialStd(), TaskData.seed(spec, "zoo"));
        return new TrainingNetworks(networks, Optional.of(initial));
    }

    private FlowTrainer trainer(ExperimentSpec spec, FlowSpec flow, TrainingNetworks training) {
        double std = spec.zoo().initialStd();
        Seed seed = TaskData.seed(spec, "flow", flow.name());
        return new AlignmentLoss(data)
                .lend(spec, flow, training.networks().architecture(), loss -> trainer(flow, std, training, loss, seed));
    }

    private static FlowTrainer trainer(
            FlowSpec flow, double std, TrainingNetworks training, Optional<BatchLoss> loss, Seed seed) {
        try {
            return new FlowTrainer(flow, std, training, loss, seed);
        } catch (IllegalArgumentException e) {
            // The flow does not fit its zoo, now or later.
            throw new UnprocessableTaskException("flow (%s): %s".formatted(flow.name(), e.getMessage()), e);
        }
    }

    /** Publishes curve and checkpoints of one training. */
    private final class Checkpoints implements FlowTraining.Listener {
        private final Task.TrainFlow task;
        private final WorkContext context;
        private final MetricThrottle curve;
        private int next;

        Checkpoints(Task.TrainFlow task, WorkContext context) {
            this.task = task;
            this.context = context;
            this.curve = new MetricThrottle(task.run(), "flow/" + task.flow(), context::publish, System::nanoTime);
        }

        @Override
        public void progress(long step, double seconds, double progress, Map<String, Double> values) {
            curve.offer(step, progress, values);
        }

        @Override
        public void checkpoint(WeightFlow flow, long step, double seconds, boolean last, double loss) {
            context.publish(
                    new Event.FlowCheckpoint(task.run(), task.flow(), next++, step, seconds, last, loss, store(flow)));
        }

        private BlobRef store(WeightFlow flow) {
            try {
                return blobs.put(FlowCodec.encode(flow));
            } catch (IOException e) {
                throw new UncheckedIOException("checkpoint can't be stored: " + e.getMessage(), e);
            }
        }
    }
}
