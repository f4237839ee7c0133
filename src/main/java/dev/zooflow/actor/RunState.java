package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.TaskEvent;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of a run: the fold of its events. Facts are kept by message id and the first of an id stays, so that
 * neither duplicates nor the order in which topics are read against each other change the outcome.
 *
 * @param run whose events count; others are ignored
 * @param submission what was asked for, once {@link RunEvent.RunSubmitted} is known
 * @param life of the run as a whole
 * @param tasks where they stand
 * @param checkpoints of flows, by event id
 * @param generated networks and where they stand, by event id
 * @param scores ids of the evaluations
 * @param sweep what they say of its trials, in the order of the log
 * @param clock first and last publishing time seen
 */
public record RunState(
        RunId run,
        Optional<Submission> submission,
        RunLife life,
        TaskBook tasks,
        Map<String, Event.FlowCheckpoint> checkpoints,
        Map<String, Generated> generated,
        Set<String> scores,
        SweepState sweep,
        Clock clock) {

    /**
     * The experiment of the run.
     *
     * @param text resolved, as tasks carry it
     * @param spec the same, read
     */
    public record Submission(String text, ExperimentSpec spec) {
        private static Submission of(RunEvent.RunSubmitted event) {
            return new Submission(event.experiment(), ExperimentFile.parse(event.experiment()));
        }
    }

    /** Generated networks without their weights, and where those stand. */
    public record Generated(
            String flow, String variant, int checkpoint, long step, double seconds, boolean last, EventRef ref) {
        private static Generated of(Event.GeneratedNetworks e, EventRef ref) {
            return new Generated(e.flow(), e.variant(), e.checkpoint(), e.step(), e.seconds(), e.last(), ref);
        }
    }

    /** Publishing times in milliseconds since 1970; empty while {@code first > last}. */
    public record Clock(long first, long last) {
        private Clock seen(long millis) {
            return new Clock(Math.min(first, millis), Math.max(last, millis));
        }
    }

    /** Copies the collections. */
    public RunState {
        checkpoints = Map.copyOf(checkpoints);
        generated = Map.copyOf(generated);
        scores = Set.copyOf(scores);
    }

    /** Nothing known yet. */
    public static RunState empty(RunId run) {
        return new RunState(
                run,
                Optional.empty(),
                RunLife.NONE,
                TaskBook.EMPTY,
                Map.of(),
                Map.of(),
                Set.of(),
                SweepState.EMPTY,
                new Clock(Long.MAX_VALUE, Long.MIN_VALUE));
    }

    /**
     * The state with one more event known.
     *
     * @throws dev.zooflow.experiment.UserError when the experiment of {@link RunEvent.RunSubmitted} can't be read
     */
    public RunState with(Recorded recorded) {
        return recorded.event().run().equals(run)
                ? with(recorded.event(), recorded.ref(), clock.seen(recorded.epochMillis()))
                : this;
    }

    private RunState with(Event event, EventRef ref, Clock now) {
        if (event instanceof RunEvent.RunSubmitted e && submission.isEmpty()) {
            Submission asked = Submission.of(e);
            SweepState known = sweep.with(asked.spec());
            return new RunState(
                    run, Optional.of(asked), life.with(e), tasks, checkpoints, generated, scores, known, now);
        } else if (event instanceof RunEvent e) {
            return new RunState(run, submission, life.with(e), tasks, checkpoints, generated, scores, sweep, now);
        } else if (event instanceof TaskEvent e) {
            return new RunState(run, submission, life, tasks.with(e), checkpoints, generated, scores, sweep, now);
        } else if (event instanceof Event.FlowCheckpoint e) {
            Map<String, Event.FlowCheckpoint> more = Folding.first(checkpoints, e.id(), e);
            return new RunState(run, submission, life, tasks, more, generated, scores, sweep, now);
        } else if (event instanceof Event.GeneratedNetworks e) {
            Map<String, Generated> more = Folding.first(generated, e.id(), Generated.of(e, ref));
            return new RunState(run, submission, life, tasks, checkpoints, more, scores, sweep, now);
        } else if (event instanceof Event.Score e && !scores.contains(e.id())) {
            Set<String> more = Folding.plus(scores, e.id());
            SweepState judged = submission.isEmpty() ? sweep.waitingFor(e) : sweep.with(e);
            return new RunState(run, submission, life, tasks, checkpoints, generated, more, judged, now);
        }
        return new RunState(run, submission, life, tasks, checkpoints, generated, scores, sweep, now);
    }

    /** The state with one more task on its queue, though the event that says so is still on its way. */
    public RunState withQueued(String task) {
        TaskBook more = tasks.withQueued(task, tasks.ended(task));
        return new RunState(run, submission, life, more, checkpoints, generated, scores, sweep, clock);
    }

    /** The state in which a task is stopped, though the event that says so is still on its way. */
    public RunState withStopped(TaskEvent.TaskStopped stopped) {
        return new RunState(run, submission, life, tasks.with(stopped), checkpoints, generated, scores, sweep, clock);
    }

    /** The end of the present round, once it was published. */
    public Optional<RunEvent.RunCompleted> over() {
        return life.over();
    }

    /** Seconds between the first and the last event. */
    public double seconds() {
        return clock.first > clock.last ? 0 : (clock.last - clock.first) / 1000.0;
    }
}
