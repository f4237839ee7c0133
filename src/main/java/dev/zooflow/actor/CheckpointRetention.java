package dev.zooflow.actor;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.SweepSpec;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.Task;
import dev.zooflow.message.TaskEvent;
import dev.zooflow.message.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which published checkpoints nobody needs any more: the fold of the events of all runs. Of a flow whose training is settled
 * the final checkpoint stays, the latest, the one whose networks had the highest mean accuracy on the validation split, and every one whose sampling
 * is still to come, under way or was given up. Of any other flow, and of runs that are unknown, all stay.
 */
public final class CheckpointRetention {

    /** The topics whose events it folds. */
    public static final Set<Topic> TOPICS = Set.of(Topic.RUNS, Topic.FLOWS, Topic.SCORES);

    private static final String ACCURACY = "accuracy_mean";

    private final Map<RunId, TaskBook> tasks = new HashMap<>();
    private final Map<RunId, RunLife> lives = new HashMap<>();
    private final Map<Trained, List<FlowCheckpoint>> checkpoints = new HashMap<>();
    private final Map<Scored, Double> accuracies = new HashMap<>();

    private record Trained(RunId run, String flow) {}

    private record Scored(RunId run, String id) {}

    /** Takes an event; the order of topics is of no account. */
    public void accept(Event event) {
        if (event instanceof TaskEvent e) {
            tasks.merge(e.run(), TaskBook.EMPTY.with(e), (book, one) -> book.with(e));
        } else if (event instanceof RunEvent e) {
            lives.merge(e.run(), RunLife.NONE.with(e), (life, one) -> life.with(e));
        } else if (event instanceof FlowCheckpoint e) {
            checkpoints
                    .computeIfAbsent(new Trained(e.run(), e.flow()), key -> new ArrayList<>())
                    .add(e);
        } else if (event instanceof Score e) {
            accuracies.putIfAbsent(new Scored(e.run(), e.id()), SweepSpec.Metric.selecting(e.values(), ACCURACY));
        }
    }

    /** The runs that were submitted. */
    public Set<RunId> runs() {
        return lives.entrySet().stream()
                .filter(e -> e.getValue().submitted())
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a task of a run was completed. */
    public boolean isCompleted(RunId run, String task) {
        return tasks.getOrDefault(run, TaskBook.EMPTY).completed().containsKey(task);
    }

    /** SHA-256 of the checkpoints that nobody needs any more. */
    public Set<String> released() {
        Set<String> kept = new HashSet<>();
        Set<String> all = new HashSet<>();
        checkpoints.forEach((flow, published) -> {
            Set<String> ids = kept(flow, published);
            for (FlowCheckpoint c : published) {
                all.add(c.model().sha256());
                if (ids.contains(c.id())) {
                    kept.add(c.model().sha256());
                }
            }
        });
        all.removeAll(kept);
        return all;
    }

    /** Ids: a checkpoint that two attempts published stays in both forms. */
    private Set<String> kept(Trained flow, List<FlowCheckpoint> published) {
        Map<String, FlowCheckpoint> byId = new TreeMap<>();
        published.forEach(c -> byId.putIfAbsent(c.id(), c));
        if (!isSettled(flow)) {
            return byId.keySet();
        }
        Set<String> kept = new HashSet<>();
        byId.values().stream().filter(c -> c.last() || isWanted(c)).forEach(c -> kept.add(c.id()));
        byId.values().stream()
                .max(Comparator.comparingLong(FlowCheckpoint::step))
                .ifPresent(c -> kept.add(c.id()));
        byId.values().stream()
                .filter(c -> accuracy(c).isPresent())
                .max(Comparator.comparingDouble(
                                (FlowCheckpoint c) -> accuracy(c).orElseThrow())
                        .thenComparingLong(FlowCheckpoint::step))
                .ifPresent(c -> kept.add(c.id()));
        return kept;
    }

    private boolean isSettled(Trained flow) {
        return tasks.getOrDefault(flow.run(), TaskBook.EMPTY).isSettled(Task.TrainFlow.PREFIX + flow.flow());
    }

    private boolean isWanted(FlowCheckpoint c) {
        TaskBook book = tasks.getOrDefault(c.run(), TaskBook.EMPTY);
        String sample = Task.SampleFlow.idOf(c.flow(), "", c.label());
        boolean begun = book.queued().containsKey(sample) || book.started().containsKey(sample);
        return begun && !book.completed().containsKey(sample);
    }

    private Optional<Double> accuracy(FlowCheckpoint c) {
        String id = Score.idOf(Score.groupOf(c.flow(), ""), c.label());
        return Optional.ofNullable(accuracies.get(new Scored(c.run(), id))).filter(a -> !a.isNaN());
    }
}
