package dev.zooflow.app;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What an event means to a person who watches the run. */
final class Story {

    private final int trajectories;
    private int trained;

    Story(ExperimentSpec spec) {
        this.trajectories = spec.zoo().trajectories();
    }

    /** A sentence; nothing for events that change nothing visible. */
    Optional<String> tell(Event event) {
        if (event instanceof TaskEvent.TaskStarted e) {
            return e.role() == Role.TRAINER ? Optional.of(flowOf(e.task()) + "training") : Optional.empty();
        } else if (event instanceof TaskEvent.TaskContinued e) {
            return Optional.of(flowOf(e.task()) + text("continued at step %d, %.1f s", e.step(), e.seconds()));
        } else if (event instanceof TaskEvent.TaskCompleted e) {
            return completed(e);
        } else if (event instanceof TaskEvent.TaskStopped e) {
            return Optional.of(flowOf(e.task()) + text("stopped early at step %d: %s", e.step(), e.reason()));
        } else if (event instanceof TaskEvent.TaskFailed e) {
            return Optional.of("%s, attempt %d failed: %s%s"
                    .formatted(e.task(), e.attempt(), e.reason(), e.last() ? " (given up)" : ""));
        } else if (event instanceof Event.FlowCheckpoint e) {
            return Optional.of(
                    text("flow %s: step %d after %.1f s, loss %.4g", e.flow(), e.step(), e.seconds(), e.loss()));
        } else if (event instanceof Event.Score e) {
            return Optional.of(score(e));
        } else if (event instanceof Event.FlowLikelihood e) {
            return Optional.of(text(
                    "flow %s: bits per dimension %.3f of training networks, %.3f of held-out ones",
                    e.flow(), value(e.values(), "bpd_train"), value(e.values(), "bpd_held_out")));
        } else if (event instanceof Event.LossBarriers e) {
            return Optional.of(text("loss barrier, %s: %.3f ± %.3f", e.variant(), e.mean(), e.std()));
        } else if (event instanceof RunEvent.TrialProposed e) {
            return Optional.of(text("trial %d: %s", e.number(), e.flow()));
        } else if (event instanceof RunEvent.RunCompleted e) {
            return Optional.of(text("%s after %.0f s", e.failed().isEmpty() ? "completed" : "ended", e.seconds()));
        }
        return Optional.empty();
    }

    private Optional<String> completed(TaskEvent.TaskCompleted e) {
        if (!e.task().startsWith(Task.ProduceZoo.PREFIX)) {
            return Optional.empty();
        }
        trained += size(e.task());
        return Optional.of(text("zoo: %d of %d trajectories, %.1f s", trained, trajectories, e.seconds()));
    }

    /** Number of trajectories of a zoo task, from its id. */
    static int size(String task) {
        String[] bounds = task.substring(task.indexOf('/') + 1).split("-", -1);
        return Integer.parseInt(bounds[1]) - Integer.parseInt(bounds[0]);
    }

    private static String score(Event.Score e) {
        String of = e.step() == 0 ? e.group() : text("%s: step %d%s", e.group(), e.step(), e.last() ? " (final)" : "");
        return of + ": " + figures(e.values()) + text(" (%d networks)", e.n());
    }

    /** The figures of a score that matter most. */
    static String figures(Map<String, Double> values) {
        return text("accuracy %.3f, nn ratio %.2f", value(values, "accuracy_mean"), value(values, "nn_ratio_mean"));
    }

    private static double value(Map<String, Double> values, String key) {
        Double value = values.get(key);
        return value == null ? Double.NaN : value;
    }

    private static String flowOf(String task) {
        return "flow " + task.substring(Task.TrainFlow.PREFIX.length()) + ": ";
    }

    static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
