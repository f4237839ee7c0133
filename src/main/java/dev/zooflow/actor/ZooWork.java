package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.zoo.GaussianZoo;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.ZooTrainer;
import java.util.List;

/** Trains a part of a zoo, draws or reads it, or trains networks for another task. */
public final class ZooWork implements RoleWork {

    private final TaskData data;

    /** Works on this data. */
    public ZooWork(TaskData data) {
        this.data = data;
    }

    @Override
    public Role role() {
        return Role.ZOO_PRODUCER;
    }

    @Override
    public void perform(Task task, WorkContext context) {
        if (task instanceof Task.ProduceZoo zoo) {
            produce(zoo, context);
        } else if (task instanceof Task.TransferBaselines) {
            new Transfer(task, data, context).baselines();
        } else {
            throw new UnprocessableTaskException("task (%s) is none of a zoo producer".formatted(task.id()));
        }
    }

    private void produce(Task.ProduceZoo zoo, WorkContext context) {
        ExperimentSpec spec = data.experiment(zoo);
        if (zoo.from() < 0 || zoo.from() >= zoo.to() || zoo.to() > spec.zoo().trajectories()) {
            throw new UnprocessableTaskException("trajectories %d to %d are not in a zoo of %d"
                    .formatted(zoo.from(), zoo.to(), spec.zoo().trajectories()));
        }
        List<Trajectory> trajectories = switch (spec.zoo().kind()) {
            case TRAINED -> train(zoo, spec, context);
            case GAUSSIAN ->
                new GaussianZoo(spec.zoo(), data.architecture(spec), data.dataset(spec), TaskData.seed(spec, "zoo"))
                        .draw(zoo.from(), zoo.to());
            case IMPORTED -> data.importedZoo(spec).read(zoo.from(), zoo.to());
        };
        context.checkCancelled();
        trajectories.forEach(t -> context.publish(event(zoo, t)));
    }

    private List<Trajectory> train(Task.ProduceZoo zoo, ExperimentSpec spec, WorkContext context) {
        ZooTrainer trainer =
                new ZooTrainer(spec.zoo(), data.architecture(spec), data.dataset(spec), TaskData.seed(spec, "zoo"));
        MetricThrottle curve =
                new MetricThrottle(zoo.run(), zoo.id(), context.attempt(), context::publish, System::nanoTime);
        return trainer.train(zoo.from(), zoo.to(), curve::offer, context::cancelled);
    }

    private static Event event(Task task, Trajectory t) {
        return new Event.ZooTrajectory(
                task.run(), t.index(), t.heldOut(), t.steps(), t.validationAccuracy(), t.snapshots());
    }
}
