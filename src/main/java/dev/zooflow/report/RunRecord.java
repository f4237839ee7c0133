package dev.zooflow.report;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.Event.GeneratedNetworks;
import dev.zooflow.message.Event.LossBarriers;
import dev.zooflow.message.Event.MetricPoint;
import dev.zooflow.message.Event.Score;
import dev.zooflow.message.Event.ZooTrajectory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the events of a run say about it: all that reports and exports need. Equal sets of events make equal records,
 * whatever their order and however often each came.
 *
 * @param run its id
 * @param experiment resolved, as HOCON; empty while the run's first event is missing
 * @param provenance of the submission, in reading order
 * @param outcome how it ended, if it did
 * @param tasks by role, then by id
 * @param scores final scores in the order of the table: held-out, train, baselines, generated
 * @param history scores of all checkpoints of each flow, by step
 * @param metrics training curves by stage, by step
 * @param models final checkpoints of the flows that were trained to their end, in their order
 * @param checkpoints the latest of each flow before the final one, by flow
 * @param barriers unaligned first
 * @param generated the first networks of each flow's final sample by one variant of the sampling, in the order of the flows
 * @param heldOut some held-out base networks, as the only (last) snapshot of their trajectory
 */
public record RunRecord(
        RunId run,
        String experiment,
        Map<String, String> provenance,
        Outcome outcome,
        List<TaskState> tasks,
        List<Score> scores,
        Map<String, List<Score>> history,
        Map<String, List<MetricPoint>> metrics,
        List<FlowCheckpoint> models,
        Map<String, FlowCheckpoint> checkpoints,
        List<LossBarriers> barriers,
        List<GeneratedNetworks> generated,
        List<ZooTrajectory> heldOut) {

    /** How far a run came. */
    public enum Status {
        /** Not known to be over: still going on, or interrupted. */
        UNFINISHED,
        COMPLETED,
        /** Over, with tasks that were given up. */
        FAILED
    }

    /**
     * How a run ended.
     *
     * @param status how far it came
     * @param failed tasks that were given up
     * @param seconds from submission to end; 0 before the end
     */
    public record Outcome(Status status, List<String> failed, double seconds) {
        /** Copies the list. */
        public Outcome {
            failed = List.copyOf(failed);
        }
    }

    /** Copies lists and maps, keeping their order. */
    public RunRecord {
        provenance = Collections.unmodifiableMap(new LinkedHashMap<>(provenance));
        tasks = List.copyOf(tasks);
        scores = List.copyOf(scores);
        history = Collections.unmodifiableMap(new LinkedHashMap<>(history));
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        models = List.copyOf(models);
        checkpoints = Map.copyOf(checkpoints);
        barriers = List.copyOf(barriers);
        generated = List.copyOf(generated);
        heldOut = List.copyOf(heldOut);
    }

    /** The experiment; empty when it is missing or this version of the program can't read it. */
    public Optional<ExperimentSpec> spec() {
        return parse(experiment);
    }

    static Optional<ExperimentSpec> parse(String experiment) {
        try {
            return experiment.isEmpty() ? Optional.empty() : Optional.of(ExperimentFile.parse(experiment));
        } catch (UserError e) {
            return Optional.empty();
        }
    }

    /** The same with the generated networks of one flow only. */
    public RunRecord ofFlow(String flow) {
        return new RunRecord(
                run,
                experiment,
                provenance,
                outcome,
                tasks,
                scores,
                history,
                metrics,
                models,
                checkpoints,
                barriers,
                generated.stream().filter(g -> g.flow().equals(flow)).toList(),
                heldOut);
    }

    /** The final score of a group. */
    public Optional<Score> score(String group) {
        return scores.stream().filter(s -> s.group().equals(group)).findFirst();
    }

    /** Flows whose trials were stopped early, and why they were. */
    public Map<String, String> stopped() {
        Map<String, String> stopped = new LinkedHashMap<>();
        tasks.stream()
                .filter(t -> t.status() == TaskState.Status.STOPPED)
                .forEach(t -> stopped.put(t.task().substring(t.task().indexOf('/') + 1), t.reason()));
        return stopped;
    }

    /** The latest score of a flow, of whichever checkpoint. */
    public Optional<Score> latest(String flow) {
        List<Score> scores = history.getOrDefault(flow, List.of());
        return scores.isEmpty() ? Optional.empty() : Optional.of(scores.get(scores.size() - 1));
    }

    /** Names of the flows that have scores, in the order of the experiment. */
    public List<String> scoredFlows() {
        return scores.stream()
                .map(Score::group)
                .filter(g -> Groups.isGenerated(g) && !Groups.isRefined(g))
                .map(Groups::flow)
                .distinct()
                .toList();
    }
}
