package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Architecture;
import dev.zooflow.message.Event.ZooTrajectory;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.RunEvent.RunExtended;
import dev.zooflow.message.Topic;
import dev.zooflow.zoo.Trajectory;
import dev.zooflow.zoo.Zoo;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The zoos of runs, read from the event log and kept for the two latest. Thread-safe. */
public final class RunZoos {

    private final EventLog log;
    private final Recent<RunId, Zoo> zoos = new Recent<>(2, zoo -> {});

    /** Zoos of runs in this log. */
    public RunZoos(EventLog log) {
        this.log = log;
    }

    /**
     * The zoo of a run whose zoo tasks are completed.
     *
     * @throws IllegalStateException when networks are missing in the log
     */
    public Zoo of(RunId run, ExperimentSpec spec) {
        return zoos.get(run, () -> read(run, spec));
    }

    /** The run under whose name the zoo of a run stands in the log: another one where it was extended from that. */
    public static RunId origin(RunId run, EventLog log) {
        RunId[] zoo = {run};
        log.replay(run, Topic.RUNS, recorded -> {
            if (recorded.event() instanceof RunExtended e) {
                zoo[0] = e.zoo();
            }
        });
        return zoo[0];
    }

    private Zoo read(RunId run, ExperimentSpec spec) {
        Map<Integer, ZooTrajectory> events = new TreeMap<>();
        log.replay(origin(run, log), Topic.WEIGHTS_ZOO, recorded -> {
            if (recorded.event() instanceof ZooTrajectory t) {
                events.putIfAbsent(t.trajectory(), t);
            }
        });
        int expected = spec.zoo().trajectories();
        events.keySet().removeIf(index -> index < 0 || index >= expected);
        if (events.size() != expected) {
            throw new IllegalStateException("zoo of run (%s) has %d of %d trajectories in the log. Maybe some expired?"
                    .formatted(run, events.size(), expected));
        }
        List<Trajectory> trajectories =
                events.values().stream().map(RunZoos::trajectory).toList();
        Architecture architecture = trajectories.get(0).snapshots().architecture();
        return new Zoo(architecture, trajectories);
    }

    private static Trajectory trajectory(ZooTrajectory t) {
        return new Trajectory(t.trajectory(), t.heldOut(), t.steps(), t.validationAccuracy(), t.snapshots());
    }
}
