package dev.zooflow.app;

import dev.zooflow.app.TrialProgress.State;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Role;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.report.BestNetworks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * How far a run has come, from its events; a second event with the same id changes nothing. Times to come are extrapolated from
 * progress so far. For one thread.
 */
final class RunProgress {

    private final SweepSpec.Metric metric;
    private final int trajectories;
    private final Map<String, TrialProgress> trials = new LinkedHashMap<>();
    private final Map<Integer, RunEvent.TrialProposed> proposals = new HashMap<>();
    private final Map<String, Double> zoo = new LinkedHashMap<>();
    private final Map<String, Double> zooSeconds = new HashMap<>();
    private final Set<String> groups = new LinkedHashSet<>();
    private final List<String> failures = new ArrayList<>();
    private ExperimentSpec spec;
    private Optional<RunEvent.RunCompleted> end = Optional.empty();
    private boolean paused;

    RunProgress(ExperimentSpec spec) {
        metric = BestNetworks.metricOf(spec);
        trajectories = spec.zoo().trajectories();
        this.spec = spec;
        addTrials();
    }

    private void addTrials() {
        spec.flows().stream()
                .map(FlowSpec::name)
                .forEach(name -> trials.putIfAbsent(name, TrialProgress.waiting(name)));
    }

    /** Takes an event into account. */
    void on(Event event) {
        if (event instanceof Event.MetricPoint e) {
            onMetric(e);
        } else if (event instanceof TaskEvent e) {
            onTask(e);
        } else if (event instanceof Event.FlowCheckpoint e) {
            trials.put(e.flow(), trial(e.flow()).with(e));
        } else if (event instanceof Event.Score e) {
            onScore(e);
        } else if (event instanceof RunEvent e) {
            onRun(e);
        }
    }

    private void onMetric(Event.MetricPoint e) {
        if (e.stage().startsWith(Task.ProduceZoo.PREFIX)) {
            zoo.merge(e.stage(), e.progress(), Math::max);
            zooSeconds.merge(e.stage(), e.seconds(), Math::max);
        } else {
            trainedFlow(e.stage())
                    .ifPresent(flow -> trials.put(flow, trial(flow).at(e)));
        }
    }

    private void onTask(TaskEvent event) {
        Optional<String> flow = flow(event.task());
        if (event instanceof TaskEvent.TaskStarted) {
            flow.ifPresent(name -> move(name, State.RUNNING, ""));
        } else if (event instanceof TaskEvent.TaskCompleted e) {
            flow.ifPresent(name -> move(name, State.COMPLETED, ""));
            if (e.role() == Role.ZOO_PRODUCER && e.task().startsWith(Task.ProduceZoo.PREFIX)) {
                zoo.put(e.task(), 1.0);
            }
        } else if (event instanceof TaskEvent.TaskStopped e) {
            String why = "stopped early at step %d: %s".formatted(e.step(), e.reason());
            flow.ifPresent(name -> move(name, State.STOPPED, why));
        } else if (event instanceof TaskEvent.TaskFailed e) {
            flow.ifPresent(name -> move(name, e.last() ? State.FAILED : State.WAITING, e.reason()));
            failures.add("%s, attempt %d failed: %s".formatted(e.task(), e.attempt(), e.reason()));
        } else if (event instanceof TaskEvent.TaskSetAside || event instanceof TaskEvent.TaskRetried) {
            flow.ifPresent(name -> move(name, State.WAITING, ""));
        }
    }

    private void move(String flow, State state, String why) {
        TrialProgress trial = trial(flow);
        // A training may have come to its end before it heard that it was to stop.
        if (!trial.isOver() || (trial.state() == State.STOPPED && state == State.COMPLETED)) {
            trials.put(flow, trial.in(state, why));
        }
    }

    private void onScore(Event.Score e) {
        if (e.last()) {
            groups.add(e.group());
        }
        String[] parts = e.group().split("/", -1);
        if (parts.length == 2 && parts[0].equals("generated") && e.group().indexOf('+') < 0) {
            trials.put(parts[1], trial(parts[1]).with(e));
        }
    }

    private void onRun(RunEvent event) {
        if (event instanceof RunEvent.RunCompleted e) {
            end = Optional.of(e);
        } else if (event instanceof RunEvent.RunResumed) {
            end = Optional.empty();
        } else if (event instanceof RunEvent.RunPaused) {
            paused = true;
        } else if (event instanceof RunEvent.RunContinued) {
            paused = false;
        } else if (event instanceof RunEvent.TrialProposed e) {
            proposals.put(e.number(), e);
            spec = RunEvent.TrialProposed.append(spec, proposals);
            addTrials();
        }
    }

    /** The flow that a task trains; none for another task. */
    static Optional<String> flow(String task) {
        return task.startsWith(Task.TrainFlow.PREFIX)
                ? Optional.of(task.substring(Task.TrainFlow.PREFIX.length()))
                : Optional.empty();
    }

    /** The flow whose training a curve tells of; none for another curve. */
    static Optional<String> trainedFlow(String stage) {
        String prefix = "flow/";
        return stage.startsWith(prefix) ? Optional.of(stage.substring(prefix.length())) : Optional.empty();
    }

    /** A trial by its name. */
    TrialProgress trial(String name) {
        return trials.getOrDefault(name, TrialProgress.waiting(name));
    }

    /** Running ones first, those that end soonest before others; then finished ones, the best first; then stopped, failed and waiting ones. */
    List<TrialProgress> trials() {
        Comparator<TrialProgress> best = Comparator.comparingDouble(t -> -rank(t));
        return trials.values().stream()
                .sorted(Comparator.comparing(TrialProgress::state)
                        .thenComparingDouble(t -> t.state() == State.RUNNING ? -t.progress() : 0)
                        .thenComparing(best)
                        .thenComparingDouble(t -> -orLeast(t.score("accuracy_mean"))))
                .toList();
    }

    private double rank(TrialProgress trial) {
        return orLeast(metric.utility(SweepSpec.Metric.selecting(trial.scores(), metric.name())));
    }

    private static double orLeast(double value) {
        return Double.isNaN(value) ? -Double.MAX_VALUE : value;
    }

    /** Name of the value that ranks trials. */
    String metric() {
        return metric.name();
    }

    /** Number of trials in a state. */
    int count(State state) {
        return (int) trials.values().stream().filter(t -> t.state() == state).count();
    }

    /** How many trajectories the zoo has. */
    int trajectories() {
        return trajectories;
    }

    /** The part of the zoo that is trained, in [0, 1]. */
    double zoo() {
        double done = zoo.entrySet().stream()
                .mapToDouble(e -> e.getValue() * Story.size(e.getKey()))
                .sum();
        return trajectories == 0 ? 1 : Math.min(1, done / trajectories);
    }

    /** The part of all trainings that is done, in [0, 1]. */
    double training() {
        return trials.values().stream()
                .mapToDouble(t -> t.isOver() || t.state() == State.FAILED ? 1 : t.progress())
                .average()
                .orElse(1);
    }

    /** Groups that have their final score. */
    int groups() {
        return groups.size();
    }

    /** What failed so far, the latest last. */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** The end of the run, once it is over. */
    Optional<RunEvent.RunCompleted> end() {
        return end;
    }

    /** In one word. */
    String status() {
        return end.map(e -> e.failed().isEmpty() ? "completed" : "ended").orElse(paused ? "paused" : "running");
    }

    /**
     * Seconds until all flows are trained, if trainings to come take as long as those so far; none before one has come some way.
     *
     * @param trainers that work at a time, at least 1
     */
    OptionalDouble toGo(int trainers) {
        double running = 0;
        double longest = 0;
        for (TrialProgress trial : trials.values()) {
            double left = trial.toGo().orElse(0);
            running += left;
            longest = Math.max(longest, left);
        }
        OptionalDouble whole = trials.values().stream()
                .filter(t -> t.progress() > 0 && t.seconds() > 0)
                .mapToDouble(t -> t.seconds() / t.progress())
                .average();
        if (whole.isEmpty() || end.isPresent()) {
            return OptionalDouble.empty();
        }
        double all = running + count(State.WAITING) * whole.getAsDouble();
        return OptionalDouble.of(Math.max(longest, all / trainers));
    }

    /** Seconds until the zoo is trained; none before some of it is, and once all is. */
    OptionalDouble zooToGo() {
        double done = zoo();
        double spent = zooSeconds.values().stream().mapToDouble(s -> s).sum();
        return done > 0 && done < 1 && spent > 0
                ? OptionalDouble.of(spent * (1 - done) / done)
                : OptionalDouble.empty();
    }
}
