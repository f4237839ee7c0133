package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A small run of two flows and three zoo tasks, and the events its tasks lead to when nothing is computed. */
final class SampleRun {

    static final RunId RUN = new RunId("sample-1");

    private static final String KEYS = """
            name = sample
            task { kind = two-moons, examples = 100 }
            network { hidden = [2] }
            zoo { training-trajectories = 3, held-out-trajectories = 2, trajectories-per-task = 2 }
            flows = [{ name = a }, { name = b, geometry = euclidean }]
            evaluation.export = 2
            sampling { networks = 8, checkpoint-networks = 2 }
            samplings = [{ name = quick, steps = 4, networks = 6 }]
            """;

    static final String EXPERIMENT = ExperimentFile.render(ExperimentFile.parse(KEYS));

    /** The same with another task. */
    static final String TRANSFER =
            ExperimentFile.render(ExperimentFile.parse(KEYS + "transfer { task { kind = two-moons, noise = 0.3 } }"));

    private static final WeightBatch NETWORK = new WeightBatch(Architecture.relu(1, 1), new float[] {1, 0});

    private SampleRun() {}

    static RunEvent.RunSubmitted submitted() {
        return new RunEvent.RunSubmitted(RUN, EXPERIMENT, Map.of());
    }

    static Event.FlowCheckpoint checkpoint(String flow, int index, boolean last) {
        BlobRef blob = new BlobRef("0".repeat(64), 1);
        return new Event.FlowCheckpoint(RUN, flow, index, 10L * index, index, last, 1.0 / (1 + index), blob);
    }

    static Event.GeneratedNetworks generated(Event.FlowCheckpoint c, String variant) {
        return new Event.GeneratedNetworks(
                RUN, c.flow(), variant, c.index(), c.step(), c.seconds(), c.last(), 0, NETWORK);
    }

    static Event.Score score(String group, int checkpoint, boolean last) {
        return new Event.Score(
                RUN, group, checkpoint, 0, 0, last, 1, Map.of("accuracy_mean", 0.5), Map.of("accuracy", new double[] {
                    0.5
                }));
    }

    static TaskEvent.TaskQueued queued(Task task) {
        return new TaskEvent.TaskQueued(RUN, task.id(), task.role(), 0);
    }

    static TaskEvent.TaskStarted started(Task task, int attempt) {
        return new TaskEvent.TaskStarted(RUN, task.id(), task.role(), attempt, "w");
    }

    static TaskEvent.TaskCompleted completed(Task task) {
        return new TaskEvent.TaskCompleted(RUN, task.id(), task.role(), 1, "w", 0.1);
    }

    static TaskEvent.TaskFailed failed(Task task, int attempt, boolean last) {
        return new TaskEvent.TaskFailed(RUN, task.id(), task.role(), attempt, "w", "broken", last);
    }

    /** What a task publishes before it is completed; a flow has two checkpoints before its final one. */
    static List<Event> results(Task task) {
        List<Event> out = new ArrayList<>();
        if (task instanceof Task.ProduceZoo zoo) {
            for (int i = zoo.from(); i < zoo.to(); i++) {
                out.add(new Event.ZooTrajectory(RUN, i, i >= 3, new int[] {1}, new float[] {1}, NETWORK));
            }
        } else if (task instanceof Task.TrainFlow train) {
            for (int i = 0; i < 3; i++) {
                out.add(checkpoint(train.flow(), i, i == 2));
            }
        } else if (task instanceof Task.SampleFlow sample) {
            out.add(generated(sample.checkpoint(), sample.variant()));
        } else if (task instanceof Task.EvaluateGenerated e) {
            out.add(score(Event.Score.groupOf(e.flow(), e.variant()), e.checkpoint(), e.last()));
        } else {
            out.add(score("held-out", 0, true));
        }
        return out;
    }

    /** The events as a log holds them, one every 10 ms. */
    static List<Recorded> recorded(List<? extends Event> events) {
        List<Recorded> out = new ArrayList<>();
        for (Event event : events) {
            EventRef ref = new EventRef(event.topic(), 0, out.size());
            out.add(new Recorded(event, ref, 1_000_000L + 10L * out.size()));
        }
        return out;
    }

    static RunState fold(List<Recorded> recorded) {
        RunState state = RunState.empty(RUN);
        for (Recorded r : recorded) {
            state = state.with(r);
        }
        return state;
    }

    static RunState state(Event... events) {
        return fold(recorded(Arrays.asList(events)));
    }

    /** The whole log of a run in which every task succeeds except those given up. */
    static List<Recorded> log(List<String> givenUp) {
        List<Event> events = new ArrayList<>(List.of(submitted()));
        while (true) {
            Planner.Plan plan = Planner.plan(fold(recorded(events)));
            if (plan.completed().isPresent()) {
                events.add(plan.completed().get());
                return recorded(events);
            }
            if (plan.tasks().isEmpty()) {
                throw new AssertionError("stuck after " + events);
            }
            for (Task task : plan.tasks()) {
                events.add(queued(task));
                events.add(started(task, 1));
                if (givenUp.contains(task.id())) {
                    events.add(failed(task, 1, true));
                } else {
                    events.addAll(results(task));
                    events.add(completed(task));
                }
            }
        }
    }

    /** The log of a run whose coordinator plans after every single event, and whose one worker does task after task. */
    static List<Recorded> live(List<String> givenUp) {
        List<Event> events = new ArrayList<>();
        Deque<Event> outbox = new ArrayDeque<>(List.of(submitted()));
        Deque<Task> waiting = new ArrayDeque<>();
        Deque<Event> worker = new ArrayDeque<>();
        RunState state = RunState.empty(RUN);
        while (state.over().isEmpty()) {
            if (outbox.isEmpty() && worker.isEmpty()) {
                worker.addAll(attempt(waiting.remove(), givenUp));
            }
            events.add(outbox.isEmpty() ? worker.remove() : outbox.remove());
            List<Recorded> recorded = recorded(events);
            state = state.with(recorded.get(recorded.size() - 1));
            Planner.Plan plan = Planner.plan(state);
            plan.completed().ifPresent(outbox::add);
            for (Task task : plan.tasks()) {
                waiting.add(task);
                outbox.add(queued(task));
                state = state.withQueued(task.id());
            }
        }
        return recorded(events);
    }

    private static List<Event> attempt(Task task, List<String> givenUp) {
        List<Event> events = new ArrayList<>(List.of(started(task, 1)));
        if (givenUp.contains(task.id())) {
            events.add(failed(task, 1, true));
        } else {
            events.addAll(results(task));
            events.add(completed(task));
        }
        return events;
    }
}
