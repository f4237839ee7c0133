package dev.zooflow.message;

import com.fasterxml.jackson.annotation.JacksonInject;
import dev.zooflow.experiment.ExperimentSpec;
import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.SweepSpace;
import dev.zooflow.experiment.UserError;
import java.util.List;
import java.util.Map;

/**
 * The life of a run as a whole, on topic {@code runs}: with {@link TaskEvent} the source of truth. Facts that can happen more
 * than once carry a number, so that they mean the same in whatever order they are read.
 */
public sealed interface RunEvent extends Event {

    @Override
    default Topic topic() {
        return Topic.RUNS;
    }

    /**
     * A run begins.
     *
     * @param experiment the resolved experiment as HOCON
     * @param provenance where it was submitted: versions, host, git commit, data hashes
     */
    record RunSubmitted(RunId run, String experiment, Map<String, String> provenance) implements RunEvent {
        @Override
        public String id() {
            return "submitted";
        }
    }

    /**
     * The run goes on from another one that is over: its tasks that were completed there stand as completed in this run's
     * log, too.
     *
     * @param from whose results it takes over
     * @param zoo the run under whose name the networks of the zoo stand: {@code from}, or what that was extended from
     */
    record RunExtended(RunId run, RunId from, RunId zoo) implements RunEvent {
        @Override
        public String id() {
            return "extended";
        }
    }

    /** Any coordinator of the fleet may take the run; without this only the process that submitted it coordinates. */
    record RunOffered(RunId run) implements RunEvent {
        @Override
        public String id() {
            return "offered";
        }
    }

    /**
     * A coordinator takes the run. It is in charge until another of a higher epoch comes; of two with the same epoch the one
     * that stands first in the log is.
     *
     * @param epoch from 1
     * @param coordinator its process, unique among all that ever were
     */
    record CoordinatorStarted(RunId run, int epoch, String coordinator) implements RunEvent {
        @Override
        public String id() {
            return "coordinator/%d/%s".formatted(epoch, coordinator);
        }
    }

    /**
     * Nothing more is begun until {@link RunContinued} of the same number.
     *
     * @param number from 1
     */
    record RunPaused(RunId run, int number) implements RunEvent {
        @Override
        public String id() {
            return "paused/" + number;
        }
    }

    /** The pause of this number is over. */
    record RunContinued(RunId run, int number) implements RunEvent {
        @Override
        public String id() {
            return "continued/" + number;
        }
    }

    /**
     * A sweep has one trial more: what is known of the earlier ones says that it is worth a try.
     *
     * @param number of the trial, from 1
     * @param places of its parameters in their ranges, each in [0, 1)
     * @param flow its settings as HOCON, one more element of the list
     */
    record TrialProposed(RunId run, int number, List<Double> places, String flow) implements RunEvent {
        /** Copies the list. */
        public TrialProposed {
            places = List.copyOf(places);
        }

        /**
         * The experiment with the trials that come next in it. One whose predecessor is not known yet is left out.
         *
         * @param proposals by number
         * @throws UserError when a trial can't be read
         */
        public static ExperimentSpec append(ExperimentSpec spec, Map<Integer, TrialProposed> proposals) {
            ExperimentSpec longer = spec;
            while (proposals.containsKey(longer.flows().size() + 1)) {
                TrialProposed next = proposals.get(longer.flows().size() + 1);
                longer = SweepSpace.append(longer, next.flow());
            }
            return longer;
        }

        @Override
        public String id() {
            return "proposed/" + number;
        }
    }

    /**
     * The round is over.
     *
     * @param round from 1; the next begins with {@link RunResumed}
     * @param failed tasks that were given up, or the one word {@value #CANCELLED} or {@value #INTERRUPTED}; empty on success
     * @param seconds since the submission
     */
    record RunCompleted(RunId run, @JacksonInject(FIRST) int round, List<String> failed, double seconds)
            implements RunEvent {
        /** In {@code failed}, when a person wanted no more of the run. */
        public static final String CANCELLED = "cancelled";
        /** In {@code failed}, when the process that coordinated the run was told to stop. */
        public static final String INTERRUPTED = "interrupted";

        /** What stands for the round in records of before there were rounds. */
        static final String FIRST = "1";

        /** Copies the list. */
        public RunCompleted {
            failed = List.copyOf(failed);
        }

        /** The end of the first round. */
        public RunCompleted(RunId run, List<String> failed, double seconds) {
            this(run, 1, failed, seconds);
        }

        @Override
        public String id() {
            return round == 1 ? "completed" : "completed/" + round;
        }

        /** Whether a person ended it, who knows of it. */
        public boolean endedByPerson() {
            return failed.equals(List.of(CANCELLED)) || failed.equals(List.of(INTERRUPTED));
        }

        /** How it ended: {@code completed}, {@code failed}, {@value #CANCELLED} or {@value #INTERRUPTED}. */
        public String word() {
            return failed.isEmpty() ? "completed" : endedByPerson() ? failed.get(0) : "failed";
        }
    }

    /**
     * The run goes on after its end.
     *
     * @param round that begins, from 2
     */
    record RunResumed(RunId run, int round) implements RunEvent {
        @Override
        public String id() {
            return "resumed/" + round;
        }
    }

    /**
     * A person was told of an event, or could not be.
     *
     * @param about id of the event in this run
     */
    record RunNotified(RunId run, String about) implements RunEvent {
        @Override
        public String id() {
            return "notified/" + about;
        }
    }
}
