package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.Event.FlowCheckpoint;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.RunEvent;
import dev.zooflow.message.RunEvent.RunSubmitted;
import dev.zooflow.message.RunEvent.TrialProposed;
import dev.zooflow.message.TaskEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.HashTreePMap;
import org.pcollections.HashTreePSet;
import org.pcollections.PMap;
import org.pcollections.PSet;

/**
 * What is known of a run: the fold of its events. Facts are kept by message id and the first of an id stays, so that
 * neither duplicates nor the order in which topics are read against each other change the outcome. An event adds to it in
 * a time that hardly grows with what is known.
 *
 * @param run whose events count; others are ignored
 * @param submission what was asked for, once {@link RunSubmitted} is known
 * @param proposals further trials, by number
 * @param life of the run as a whole
 * @param tasks where they stand
 * @param checkpointsByFlow each flow's by event id
 * @param generatedByFlow networks of each flow and where they stand, by event id
 * @param scores ids of the evaluations
 * @param sweep what they say of its trials, in the order of the log
 * @param clock first and last publishing time seen
 */
public record RunState(
        RunId run,
        Optional<Submission> submission,
        PMap<Integer, TrialProposed> proposals,
        RunLife life,
        TaskBook tasks,
        PMap<String, PMap<String, FlowCheckpoint>> checkpointsByFlow,
        PMap<String, PMap<String, Generated>> generatedByFlow,
        PSet<String> scores,
        SweepState sweep,
        Clock clock) {

    /**
     * The experiment of the run.
     *
     * @param text resolved, as tasks carry it that concern no flow; of a sweep it has the first trial alone
     * @param spec all of it
     */
    public record Submission(String text, ExperimentSpec spec) {
        private static Submission of(RunSubmitted event) {
            ExperimentSpec spec = ExperimentFile.parse(event.experiment());
            boolean sweep = spec.sweep().isPresent();
            String text = sweep ? ExperimentFile.render(spec.with(spec.flows().subList(0, 1))) : event.experiment();
            return new Submission(text, spec);
        }

        private Submission with(Map<Integer, TrialProposed> proposals) {
            return new Submission(text, TrialProposed.append(spec, proposals));
        }

        /** The text that tasks of a flow carry: of a sweep without the other trials, of which there may be thousands. */
        String text(FlowSpec flow) {
            return spec.sweep().isEmpty()
                    ? text
                    : ExperimentFile.renderTrial(text, spec.flows().get(0), flow);
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

    /** Nothing known yet. */
    public static RunState empty(RunId run) {
        return new RunState(
                run,
                Optional.empty(),
                HashTreePMap.empty(),
                RunLife.NONE,
                TaskBook.EMPTY,
                HashTreePMap.empty(),
                HashTreePMap.empty(),
                HashTreePSet.empty(),
                SweepState.EMPTY,
                new Clock(Long.MAX_VALUE, Long.MIN_VALUE));
    }

    /**
     * The state with one more event known.
     *
     * @throws dev.zooflow.experiment.UserError when the experiment of {@link RunSubmitted} can't be read
     */
    public RunState with(Recorded recorded) {
        return recorded.event().run().equals(run)
                ? seen(recorded.epochMillis()).with(recorded.event(), recorded.ref())
                : this;
    }

    private RunState with(Event event, EventRef ref) {
        if (event instanceof Event.GeneratedNetworks e) {
            PMap<String, Generated> more = Folding.first(generatedOf(e.flow()), e.id(), Generated.of(e, ref));
            return withGenerated(generatedByFlow.plus(e.flow(), more));
        }
        return with(event);
    }

    /** The state with one more fact known that the coordinator decided, though it is still on its way to the log. */
    RunState with(Event event) {
        if (event instanceof RunSubmitted e) {
            return submission.isPresent()
                    ? this
                    : with(Submission.of(e)).with(life.with(e)).resolved();
        } else if (event instanceof TrialProposed e) {
            return withProposals(Folding.first(proposals, e.number(), e)).resolved();
        } else if (event instanceof RunEvent e) {
            return with(life.with(e));
        } else if (event instanceof TaskEvent e) {
            return with(tasks.with(e));
        } else if (event instanceof FlowCheckpoint e) {
            return withCheckpoints(checkpointsByFlow.plus(e.flow(), Folding.first(checkpointMap(e.flow()), e.id(), e)));
        } else if (event instanceof Event.Score e && !scores.contains(e.id())) {
            return withScore(scores.plus(e.id()), submission.isEmpty() ? sweep.waitingFor(e) : sweep.with(e));
        }
        return this;
    }

    /** With the trials in the experiment that were proposed next. */
    private RunState resolved() {
        return submission
                .filter(s -> proposals.containsKey(s.spec().flows().size() + 1))
                .map(s -> with(s.with(proposals)))
                .orElse(this);
    }

    private RunState seen(long millis) {
        return new RunState(
                run,
                submission,
                proposals,
                life,
                tasks,
                checkpointsByFlow,
                generatedByFlow,
                scores,
                sweep,
                clock.seen(millis));
    }

    private RunState with(Submission known) {
        SweepState judged = sweep.with(known.spec());
        return new RunState(
                run,
                Optional.of(known),
                proposals,
                life,
                tasks,
                checkpointsByFlow,
                generatedByFlow,
                scores,
                judged,
                clock);
    }

    private RunState withProposals(PMap<Integer, TrialProposed> more) {
        return new RunState(
                run, submission, more, life, tasks, checkpointsByFlow, generatedByFlow, scores, sweep, clock);
    }

    private RunState with(RunLife next) {
        return new RunState(
                run, submission, proposals, next, tasks, checkpointsByFlow, generatedByFlow, scores, sweep, clock);
    }

    private RunState with(TaskBook next) {
        return new RunState(
                run, submission, proposals, life, next, checkpointsByFlow, generatedByFlow, scores, sweep, clock);
    }

    private RunState withCheckpoints(PMap<String, PMap<String, FlowCheckpoint>> more) {
        return new RunState(run, submission, proposals, life, tasks, more, generatedByFlow, scores, sweep, clock);
    }

    private RunState withGenerated(PMap<String, PMap<String, Generated>> more) {
        return new RunState(run, submission, proposals, life, tasks, checkpointsByFlow, more, scores, sweep, clock);
    }

    private RunState withScore(PSet<String> more, SweepState judged) {
        return new RunState(
                run, submission, proposals, life, tasks, checkpointsByFlow, generatedByFlow, more, judged, clock);
    }

    /** The state with one more task on its queue, though the event that says so is still on its way. */
    public RunState withQueued(String task) {
        return with(tasks.withQueued(task, tasks.ended(task)));
    }

    private PMap<String, FlowCheckpoint> checkpointMap(String flow) {
        return checkpointsByFlow.getOrDefault(flow, HashTreePMap.empty());
    }

    private PMap<String, Generated> generatedOf(String flow) {
        return generatedByFlow.getOrDefault(flow, HashTreePMap.empty());
    }

    /** The checkpoints of all flows, by event id. */
    public Map<String, FlowCheckpoint> checkpoints() {
        Map<String, FlowCheckpoint> all = new TreeMap<>();
        checkpointsByFlow.values().forEach(all::putAll);
        return all;
    }

    /** The checkpoints of a flow. */
    public Collection<FlowCheckpoint> checkpoints(String flow) {
        return checkpointMap(flow).values();
    }

    /** The networks that a flow generated. */
    Collection<Generated> generated(String flow) {
        return generatedOf(flow).values();
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
