package dev.zooflow.dashboard;

import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.RunEvent.CoordinatorStarted;
import dev.zooflow.message.RunEvent.RunCompleted;
import dev.zooflow.message.RunEvent.RunContinued;
import dev.zooflow.message.RunEvent.RunPaused;
import dev.zooflow.message.RunEvent.RunResumed;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.report.TaskState;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One run: its state, its trials, its curves. Owned by one thread. */
final class RunBoard {

    private static final String GENERATED = "generated/";
    private static final String FLOW = "flow/";

    private final String run;
    private final Map<String, Trial> trials = new LinkedHashMap<>();
    private final Map<String, Stage> stages = new TreeMap<>();
    private final Map<String, Map<String, Double>> baselines = new TreeMap<>();
    private final Plan plan = new Plan((flow, settings) -> trial(flow).parameters(settings));
    private final Tasks tasks = new Tasks();
    private long submitted;
    private boolean coordinated;
    private int paused;
    private int continued;
    private int round = 1;
    private Optional<RunCompleted> end = Optional.empty();

    RunBoard(String run) {
        this.run = run;
    }

    /** Whether the run may have that many more curves is its maker's business; a point without a stage is passed over. */
    void on(Event event, long epochMillis, int moreStages) {
        if (event instanceof MetricPoint point) {
            if (moreStages > 0 || stages.containsKey(point.stage())) {
                stages.computeIfAbsent(point.stage(), s -> new Stage()).on(point);
            }
        } else if (event instanceof Score score) {
            score(score);
        } else if (event instanceof FlowCheckpoint checkpoint) {
            trial(checkpoint.flow()).on(checkpoint, epochMillis);
        } else if (event instanceof TaskEvent task) {
            task(task);
        } else if (event instanceof RunSubmitted s) {
            submit(s, epochMillis);
        } else if (event instanceof TrialProposed proposal) {
            plan.on(proposal);
        } else {
            live(event);
        }
    }

    private void live(Event event) {
        if (event instanceof CoordinatorStarted) {
            coordinated = true;
        } else if (event instanceof RunPaused p) {
            paused = Math.max(paused, p.number());
        } else if (event instanceof RunContinued c) {
            continued = Math.max(continued, c.number());
        } else if (event instanceof RunResumed r) {
            round = Math.max(round, r.round());
        } else if (event instanceof RunCompleted c) {
            round = Math.max(round, c.round());
            end = end.filter(e -> e.round() >= c.round()).or(() -> Optional.of(c));
        }
    }

    private void submit(RunSubmitted event, long epochMillis) {
        if (submitted > 0) {
            return;
        }
        submitted = epochMillis;
        plan.on(event);
    }

    private void score(Score score) {
        String group = score.group();
        if (!group.startsWith(GENERATED)) {
            if (score.last()) {
                baselines.put(group, Map.copyOf(score.values()));
            }
        } else if (!group.substring(GENERATED.length()).matches(".*[/+].*")) {
            trial(group.substring(GENERATED.length())).on(score);
        }
    }

    private void task(TaskEvent event) {
        tasks.on(event);
        flowOf(event.task()).map(this::trial).ifPresent(trial -> {
            Optional<TaskState> state = tasks.state(event.task());
            if (state.filter(s -> s.status() == TaskState.Status.FAILED).isPresent()) {
                trial.failed(event.task(), state.get().reason());
            } else {
                trial.mended(event.task());
            }
        });
    }

    /** The flow that a task is for: the second part of its id, but for tasks of the whole run. */
    private static Optional<String> flowOf(String task) {
        String[] parts = task.split("/", 3);
        boolean whole = task.startsWith(Task.ProduceZoo.PREFIX)
                || task.equals(Task.EvaluateBaselines.ID)
                || task.equals(Task.TransferBaselines.ID);
        return whole || parts.length < 2 ? Optional.empty() : Optional.of(parts[1]);
    }

    private Trial trial(String flow) {
        return trials.computeIfAbsent(flow, Trial::new);
    }

    String run() {
        return run;
    }

    long submitted() {
        return submitted;
    }

    /** One word for where the run stands. */
    String status() {
        return over().map(RunCompleted::word)
                .orElse(paused > continued ? "paused" : coordinated ? "running" : "submitted");
    }

    /** How its round ended, if it did. */
    Optional<RunCompleted> over() {
        return end.filter(e -> e.round() >= round);
    }

    /** One word for where a trial stands. */
    String status(Trial trial) {
        if (trial.hasFailed()) {
            return "failed";
        }
        if (trial.isScored()) {
            return "done";
        }
        TaskState.Status training = training(trial).map(TaskState::status).orElse(TaskState.Status.WAITING);
        if (training == TaskState.Status.STOPPED) {
            return "stopped";
        }
        if (over().isPresent()) {
            return "unfinished";
        }
        return switch (training) {
            case COMPLETED -> "scoring";
            case RUNNING -> "training";
            case WAITING, QUEUED, FAILED, STOPPED -> "queued";
        };
    }

    /** Why a trial failed or was stopped; empty for others. */
    String reason(Trial trial) {
        return switch (status(trial)) {
            case "failed" -> trial.reason();
            case "stopped" -> training(trial).map(TaskState::reason).orElse("");
            default -> "";
        };
    }

    Collection<Trial> trials() {
        return trials.values();
    }

    Optional<Trial> find(String flow) {
        return Optional.ofNullable(trials.get(flow));
    }

    Optional<Stage> stage(Trial trial) {
        return Optional.ofNullable(stages.get(FLOW + trial.name()));
    }

    Optional<TaskState> training(Trial trial) {
        return tasks.state(Task.TrainFlow.PREFIX + trial.name());
    }

    /** All curves by the name of their stage. */
    Map<String, Stage> stages() {
        return stages;
    }

    /** Final scores of groups that no flow generated. */
    Map<String, Map<String, Double>> baselines() {
        return baselines;
    }

    Tasks tasks() {
        return tasks;
    }

    Plan plan() {
        return plan;
    }
}
