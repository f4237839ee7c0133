package dev.zooflow.message;

import dev.zooflow.experiment.RunId;

/**
 * A piece of work on a role's queue. It carries the resolved experiment, so that any worker can do it without knowing the
 * run before.
 */
public sealed interface Task extends Message {

    /** The role that does it. */
    Role role();

    /** The resolved experiment, as the HOCON text that {@code ExperimentFile} writes and reads. */
    String experiment();

    @Override
    default Topic topic() {
        return Topic.tasksOf(role());
    }

    /**
     * Train trajectories {@code from} (inclusive) to {@code to} (exclusive) of the zoo. Results in one
     * {@link Event.ZooTrajectory} each.
     */
    record ProduceZoo(RunId run, String experiment, int from, int to) implements Task {
        /** How ids of these tasks begin. */
        public static final String PREFIX = "zoo/";

        @Override
        public String id() {
            return "%s%d-%d".formatted(PREFIX, from, to);
        }

        @Override
        public Role role() {
            return Role.ZOO_PRODUCER;
        }
    }

    /** Train the flow with this name. Results in {@link Event.FlowCheckpoint}s, the last of them final. */
    record TrainFlow(RunId run, String experiment, String flow) implements Task {
        /** How ids of these tasks begin; the name of the flow follows. */
        public static final String PREFIX = "train/";

        @Override
        public String id() {
            return PREFIX + flow;
        }

        @Override
        public Role role() {
            return Role.TRAINER;
        }
    }

    /**
     * Generate {@code count} networks from a checkpoint with a variant of the sampling, or with the sampling itself where
     * {@code variant} is empty. Results in one {@link Event.GeneratedNetworks}.
     */
    record SampleFlow(RunId run, String experiment, Event.FlowCheckpoint checkpoint, String variant, int count)
            implements Task {
        /** The id of the task for a flow's checkpoint with this {@link Event#checkpointLabel}. */
        public static String idOf(String flow, String variant, String label) {
            return "sample/%s/%s".formatted(Event.sampled(flow, variant), label);
        }

        @Override
        public String id() {
            return idOf(checkpoint.flow(), variant, checkpoint.label());
        }

        @Override
        public Role role() {
            return Role.SAMPLER;
        }
    }

    /** Score the generated networks of one record. Results in one {@link Event.Score}. */
    record EvaluateGenerated(
            RunId run,
            String experiment,
            String flow,
            String variant,
            int checkpoint,
            long step,
            double seconds,
            boolean last,
            EventRef networks)
            implements Task {
        /** The id of the task for a flow's checkpoint with this {@link Event#checkpointLabel}. */
        public static String idOf(String flow, String variant, String label) {
            return "evaluate/%s/%s".formatted(Event.sampled(flow, variant), label);
        }

        @Override
        public String id() {
            return idOf(flow, variant, Event.checkpointLabel(checkpoint, last));
        }

        @Override
        public Role role() {
            return Role.EVALUATOR;
        }
    }

    /**
     * Score held-out and training networks and every baseline. Results in one {@link Event.Score} per group and the
     * {@link Event.LossBarriers} before and after alignment.
     */
    record EvaluateBaselines(RunId run, String experiment) implements Task {
        /** The id of this task; a run has one. */
        public static final String ID = "evaluate/baselines";

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Role role() {
            return Role.EVALUATOR;
        }
    }

    /**
     * Measure how likely training and held-out networks are under a flow's final checkpoint. Results in one
     * {@link Event.FlowLikelihood}.
     */
    record EvaluateLikelihood(RunId run, String experiment, Event.FlowCheckpoint checkpoint) implements Task {
        @Override
        public String id() {
            return "likelihood/" + checkpoint.flow();
        }

        @Override
        public Role role() {
            return Role.EVALUATOR;
        }
    }

    /**
     * Guide a flow to the other task of {@code transfer}, score the networks there, and let some begin to learn it. Results
     * in {@link Event.Score}s {@code transfer/<flow>} and {@code transfer/<flow>-unguided} and a curve
     * {@code transfer/<flow>}.
     *
     * @param checkpoint the flow's final one
     */
    record TransferFlow(RunId run, String experiment, Event.FlowCheckpoint checkpoint) implements Task {
        /** How ids of these tasks begin, and groups and curves of a transfer; the name of the flow follows. */
        public static final String PREFIX = "transfer/";

        @Override
        public String id() {
            return PREFIX + checkpoint.flow();
        }

        @Override
        public Role role() {
            return Role.SAMPLER;
        }
    }

    /**
     * Train networks for the other task of {@code transfer}. Results in one {@link Event.Score} {@code transfer/trained} and
     * a curve {@code transfer/random} from freshly initialised networks.
     */
    record TransferBaselines(RunId run, String experiment) implements Task {
        /** The id of this task; a run has at most one. No flow's name has a slash. */
        public static final String ID = "transfer/baselines/trained";

        @Override
        public String id() {
            return ID;
        }

        @Override
        public Role role() {
            return Role.ZOO_PRODUCER;
        }
    }
}
