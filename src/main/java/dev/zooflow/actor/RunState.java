package dev.zooflow.actor;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Event;
import dev.zooflow.message.EventLog.Recorded;
import dev.zooflow.message.EventRef;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of a run: the fold of its events. Facts are kept by message id and the first of an id stays, so that
 * neither duplicates nor the order in which topics are read against each other change the outcome.
 *
 * @param run whose events count; others are ignored
 * @param submission what was asked for, once {@link Event.RunSubmitted} is known
 * @param queued ids of tasks on their queues
 * @param completed ids of tasks that are done
 * @param givenUp reason by id of tasks that nobody tries any more
 * @param checkpoints of flows, by event id
 * @param generated networks and where they stand, by event id
 * @param scores ids of the evaluations
 * @param over the end, once it was published
 * @param clock first and last publishing time seen
 */
public record RunState(
        RunId run,
        Optional<Submission> submission,
        Set<String> queued,
        Set<String> completed,
        Map<String, String> givenUp,
        Map<String, Event.FlowCheckpoint> checkpoints,
        Map<String, Generated> generated,
        Set<String> scores,
        Optional<Event.RunCompleted> over,
        Clock clock) {

    /**
     * The experiment of the run.
     *
     * @param text resolved, as tasks carry it
     * @param spec the same, read
     */
    public record Submission(String text, ExperimentSpec spec) {}

    /** Generated networks without their weights, and where those stand. */
    public record Generated(
            String flow, String variant, int checkpoint, long step, double seconds, boolean last, EventRef ref) {}

    /** Publishing times in milliseconds since 1970; empty while {@code first > last}. */
    public record Clock(long first, long last) {
        private Clock seen(long millis) {
            return new Clock(Math.min(first, millis), Math.max(last, millis));
        }
    }

    /** Copies the collections. */
    public RunState {
        queued = Set.copyOf(queued);
        completed = Set.copyOf(completed);
        givenUp = Map.copyOf(givenUp);
        checkpoints = Map.copyOf(checkpoints);
        generated = Map.copyOf(generated);
        scores = Set.copyOf(scores);
    }

    /** Nothing known yet. */
    public static RunState empty(RunId run) {
        return new RunState(
                run,
                Optional.empty(),
                Set.of(),
                Set.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Set.of(),
                Optional.empty(),
                new Clock(Long.MAX_VALUE, Long.MIN_VALUE));
    }

    /**
     * The state with one more event known.
     *
     * @throws dev.zooflow.experiment.UserError when the experiment of {@link Event.RunSubmitted} can't be read
     */
    public RunState with(Recorded recorded) {
        Event event = recorded.event();
        if (!event.run().equals(run)) {
            return this;
        }
        Facts facts = new Facts(this);
        facts.clock = clock.seen(recorded.epochMillis());
        facts.add(event, recorded.ref());
        return facts.state();
    }

    /** The state with one more task on its queue, though the event that says so is still on its way. */
    public RunState withQueued(String task) {
        Facts facts = new Facts(this);
        facts.queued = Facts.plus(queued, task);
        return facts.state();
    }

    /** Whether a task was queued, and so needs no queueing: also when only its outcome is known. */
    public boolean knows(String task) {
        return queued.contains(task) || isSettled(task);
    }

    /** Whether a task is completed or given up. */
    public boolean isSettled(String task) {
        return completed.contains(task) || givenUp.containsKey(task);
    }

    /** Whether a task was given up and no other attempt completed it after all. */
    public boolean isLost(String task) {
        return givenUp.containsKey(task) && !completed.contains(task);
    }

    /** Seconds between the first and the last event. */
    public double seconds() {
        return clock.first > clock.last ? 0 : (clock.last - clock.first) / 1000.0;
    }

    /** A state in the making. */
    private static final class Facts {
        private final RunState base;
        private Optional<Submission> submission;
        private Set<String> queued;
        private Set<String> completed;
        private Map<String, String> givenUp;
        private Map<String, Event.FlowCheckpoint> checkpoints;
        private Map<String, Generated> generated;
        private Set<String> scores;
        private Optional<Event.RunCompleted> over;
        private Clock clock;

        Facts(RunState base) {
            this.base = base;
            submission = base.submission;
            queued = base.queued;
            completed = base.completed;
            givenUp = base.givenUp;
            checkpoints = base.checkpoints;
            generated = base.generated;
            scores = base.scores;
            over = base.over;
            clock = base.clock;
        }

        void add(Event event, EventRef ref) {
            if (event instanceof Event.RunSubmitted e) {
                submission = submission.or(
                        () -> Optional.of(new Submission(e.experiment(), ExperimentFile.parse(e.experiment()))));
            } else if (event instanceof Event.TaskQueued e) {
                queued = plus(queued, e.task());
            } else if (event instanceof Event.TaskCompleted e) {
                completed = plus(completed, e.task());
            } else if (event instanceof Event.TaskFailed e) {
                givenUp = e.last() ? plus(givenUp, e.task(), e.reason()) : givenUp;
            } else if (event instanceof Event.FlowCheckpoint e) {
                checkpoints = plus(checkpoints, e.id(), e);
            } else if (event instanceof Event.GeneratedNetworks e) {
                generated = plus(
                        generated,
                        e.id(),
                        new Generated(e.flow(), e.variant(), e.checkpoint(), e.step(), e.seconds(), e.last(), ref));
            } else if (event instanceof Event.Score e) {
                scores = plus(scores, e.id());
            } else if (event instanceof Event.RunCompleted e) {
                over = over.or(() -> Optional.of(e));
            }
        }

        RunState state() {
            return new RunState(
                    base.run, submission, queued, completed, givenUp, checkpoints, generated, scores, over, clock);
        }

        private static Set<String> plus(Set<String> set, String value) {
            Set<String> out = new TreeSet<>(set);
            out.add(value);
            return out;
        }

        private static <V> Map<String, V> plus(Map<String, V> map, String key, V value) {
            Map<String, V> out = new TreeMap<>(map);
            out.putIfAbsent(key, value);
            return out;
        }
    }
}
