package dev.zooflow.app;

import dev.zooflow.actor.RunLife;
import dev.zooflow.actor.TaskBook;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.TaskEvent.TaskRetried;
import dev.zooflow.message.TaskEvent.TaskStuck;
import dev.zooflow.message.Topic;
import dev.zooflow.report.TaskReducer;
import dev.zooflow.report.TaskState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What topic {@code runs} says of one run, for a person. */
final class Ledger {

    private final RunId run;
    private final List<TaskEvent> events = new ArrayList<>();
    private final Set<String> stuck = new HashSet<>();
    private Optional<RunSubmitted> submission = Optional.empty();
    private RunLife life = RunLife.NONE;
    private TaskBook tasks = TaskBook.EMPTY;

    private Ledger(RunId run) {
        this.run = run;
    }

    /**
     * The ledger of a run.
     *
     * @throws UserError when the log knows no such run
     */
    static Ledger of(RunId run, Wires wires) {
        Ledger ledger = new Ledger(run);
        wires.log().replay(run, Topic.RUNS, recorded -> ledger.add(recorded.event()));
        if (!ledger.life.submitted()) {
            throw UserError.usage("run (%s) is unknown. Maybe see `zooflow status`, or other brokers?".formatted(run));
        }
        return ledger;
    }

    /** Those of all runs, by name. */
    static Map<RunId, Ledger> all(Wires wires) {
        Map<String, Ledger> found = new TreeMap<>();
        wires.log()
                .replayAll(
                        Topic.RUNS,
                        recorded -> found.computeIfAbsent(
                                        recorded.event().run().value(),
                                        name -> new Ledger(recorded.event().run()))
                                .add(recorded.event()));
        Map<RunId, Ledger> out = new LinkedHashMap<>();
        found.values().stream().filter(l -> l.life.submitted()).forEach(l -> out.put(l.run, l));
        return out;
    }

    private void add(Event event) {
        if (event instanceof RunEvent e) {
            life = life.with(e);
            submission = e instanceof RunSubmitted s ? submission.or(() -> Optional.of(s)) : submission;
        } else if (event instanceof TaskEvent e) {
            tasks = tasks.with(e);
            events.add(e);
            if (e instanceof TaskStuck s) {
                stuck.add(s.task());
            }
        }
    }

    RunId run() {
        return run;
    }

    RunLife life() {
        return life;
    }

    Optional<RunSubmitted> submission() {
        return submission;
    }

    /** The experiment that was submitted. */
    ExperimentSpec spec() {
        return ExperimentFile.parse(submission.orElseThrow().experiment());
    }

    List<TaskState> tasks() {
        return TaskReducer.reduce(events);
    }

    /** One word for where the run stands. */
    String status() {
        return life.over()
                .map(RunEvent.RunCompleted::word)
                .orElse(life.paused() ? "paused" : life.reign().isPresent() ? "running" : "submitted");
    }

    /** Numbers of tasks by state. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        tasks().forEach(t -> counts.merge(t.status().name().toLowerCase(Locale.ROOT), 1L, Long::sum));
        return counts;
    }

    /** Results that came too late and were dropped. */
    int fenced() {
        return tasks.fenced().size();
    }

    /** Tasks that run and were reported to be stuck. */
    List<String> stuck() {
        return tasks().stream()
                .filter(t -> t.status() == TaskState.Status.RUNNING && stuck.contains(t.task()))
                .map(TaskState::task)
                .toList();
    }

    /** What lets every task that was given up be tried again. */
    List<TaskRetried> retries() {
        return tasks.givenUp().keySet().stream()
                .filter(tasks::isLost)
                .sorted()
                .map(task -> new TaskRetried(run, task, tasks.givenUp().get(task)))
                .toList();
    }

    /** Whether the process that ended it wanted it to end, not the work itself. */
    boolean cutShort() {
        return Set.of("cancelled", "interrupted").contains(status());
    }

    /** The round that {@code resume} begins. */
    int nextRound() {
        return life.round() + 1;
    }
}
