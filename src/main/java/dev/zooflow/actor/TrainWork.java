package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.model.FlowTrainer;
import dev.zooflow.model.FlowTraining;
import dev.zooflow.model.TrainingNetworks;
import dev.zooflow.model.TrainingState;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Zoo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains a flow on the zoo of its run, from where an earlier attempt has come to. */
public final class TrainWork implements RoleWork {

    private static final Logger LOG = LoggerFactory.getLogger(TrainWork.class);

    private final TaskData data;
    private final RunZoos zoos;
    private final BlobStore blobs;

    /** Works on zoos from there and puts checkpoints and states here. */
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
    public void perform(Task task, WorkContext context) throws IOException {
        if (!(task instanceof Task.TrainFlow train)) {
            throw new UnprocessableTaskException("task (%s) is none of a trainer".formatted(task.id()));
        }
        ExperimentSpec spec = data.experiment(task);
        FlowSpec flow = FlowOfTask.of(spec, train.flow());
        TrainingNetworks training = training(spec, flow, zoos.of(task.run(), spec));
        TrainingStates states = new TrainingStates(blobs, train, spec);
        try (FlowTrainer trainer = trainer(spec, flow, training)) {
            Optional<TrainingState> state = states.claim();
            state.ifPresent(s -> tell(train, s, context));
            Progress progress = new Progress(train, context, states);
            if (!train(trainer, state, flow, progress, context)) {
                throw new CancellationException("training of %s cancelled".formatted(flow.name()));
            }
        } catch (ArithmeticException e) {
            // The same seed leads to the same end, so another attempt is of no use.
            throw new UnprocessableTaskException("flow (%s): %s".formatted(flow.name(), e.getMessage()), e);
        }
    }

    private static boolean train(
            FlowTrainer trainer,
            Optional<TrainingState> state,
            FlowSpec flow,
            FlowTraining.Listener listener,
            WorkContext context) {
        return state.isPresent()
                ? FlowTraining.resume(trainer, state.get(), flow.training(), listener, context::cancelled)
                : FlowTraining.run(trainer, flow.training(), listener, context::cancelled);
    }

    private static void tell(Task.TrainFlow task, TrainingState state, WorkContext context) {
        LOG.info("{} {} attempt {}: continued at step {}", task.run(), task.id(), context.attempt(), state.step());
        context.publish(new TaskEvent.TaskContinued(
                task.run(), task.id(), task.role(), context.attempt(), state.step(), state.seconds()));
    }

    @Override
    public Optional<Long> saved(Task task) throws IOException {
        return task instanceof Task.TrainFlow train
                ? new TrainingStates(blobs, train, data.experiment(task))
                        .newest()
                        .map(TrainingState::step)
                : Optional.empty();
    }

    @Override
    public void forget(Task task) {
        try {
            if (task instanceof Task.TrainFlow train) {
                TrainingStates.retire(blobs, train);
            }
        } catch (IOException e) {
            LOG.warn("states of {} {} are left: {}", task.run(), task.id(), e.getMessage());
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

    /** Publishes curve and checkpoints of one training and saves its states. */
    private final class Progress implements FlowTraining.Listener {
        private final Task.TrainFlow task;
        private final WorkContext context;
        private final TrainingStates states;
        private final MetricThrottle curve;

        Progress(Task.TrainFlow task, WorkContext context, TrainingStates states) {
            this.task = task;
            this.context = context;
            this.states = states;
            String stage = "flow/" + task.flow();
            // Not the attempt of the delivery, which counts from 1 again for a task that is queued again.
            this.curve = new MetricThrottle(task.run(), stage, states.attempt(), context::publish, System::nanoTime);
        }

        @Override
        public void progress(long step, double seconds, double progress, Map<String, Double> values) {
            curve.offer(step, seconds, progress, values);
        }

        @Override
        public void checkpoint(WeightFlow flow, int index, long step, double seconds, boolean last, double loss) {
            try {
                context.publish(new Event.FlowCheckpoint(
                        task.run(), task.flow(), index, step, seconds, last, loss, blobs.put(FlowCodec.encode(flow))));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void save(TrainingState state) {
            try {
                states.save(state);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
