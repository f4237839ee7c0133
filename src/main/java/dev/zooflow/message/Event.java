package dev.zooflow.message;

import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.WeightBatch;
import java.util.Map;

/**
 * Something that happened in a run: the life of the run and of its tasks, what processes tell of themselves, and, below,
 * what tasks result in.
 */
public sealed interface Event extends Message
        permits RunEvent,
                TaskEvent,
                WorkerHeartbeat,
                Event.MetricPoint,
                Event.FlowCheckpoint,
                Event.ZooTrajectory,
                Event.GeneratedNetworks,
                Event.Score,
                Event.LossBarriers,
                Event.FlowLikelihood,
                Event.RunIngredients {

    /** How ids name a checkpoint: {@code final} for the last of a flow, otherwise its index. */
    static String checkpointLabel(int index, boolean last) {
        return last ? "final" : Integer.toString(index);
    }

    /** How ids name a way of sampling a flow: the flow, and the variant of the sampling unless it is empty. */
    static String sampled(String flow, String variant) {
        return variant.isEmpty() ? flow : flow + "/" + variant;
    }

    // ---------------------------------------------------------------- topic metrics

    /**
     * A point of a training curve.
     *
     * @param stage {@code zoo/<from>-<to>}, {@code flow/<name>}, or {@code transfer/<start>}, whose steps are epochs
     * @param attempt at the task, from 1; of what two attempts measured the later one's counts
     * @param seconds of the stage so far
     * @param progress of the stage in [0, 1]
     * @param values by metric name, snake_case
     */
    record MetricPoint(
            RunId run,
            String stage,
            int attempt,
            long step,
            double seconds,
            double progress,
            Map<String, Double> values)
            implements Event {
        @Override
        public String id() {
            return "metric/%s/%d/%d".formatted(stage, attempt, step);
        }

        @Override
        public Topic topic() {
            return Topic.METRICS;
        }
    }

    // ---------------------------------------------------------------- topic flows

    /**
     * A checkpoint of a flow.
     *
     * @param index from 0
     * @param seconds of training so far
     * @param last whether training ended with it
     * @param loss mean training loss since the previous checkpoint
     * @param model the flow as safetensors bytes in the blob store
     */
    record FlowCheckpoint(
            RunId run, String flow, int index, long step, double seconds, boolean last, double loss, BlobRef model)
            implements Event {
        /** The index, or {@code final}: a second attempt at the training may end at another index than the first. */
        public String label() {
            return checkpointLabel(index, last);
        }

        @Override
        public String id() {
            return "checkpoint/%s/%s".formatted(flow, label());
        }

        @Override
        public Topic topic() {
            return Topic.FLOWS;
        }
    }

    // ---------------------------------------------------------------- topic weights.zoo

    /**
     * Snapshots of one base network's training.
     *
     * @param steps optimiser step of each snapshot, ascending
     * @param validationAccuracy of each snapshot
     * @param snapshots [s, D], raw as trained
     */
    record ZooTrajectory(
            RunId run, int trajectory, boolean heldOut, int[] steps, float[] validationAccuracy, WeightBatch snapshots)
            implements Event {
        @Override
        public String id() {
            return "zoo/%d".formatted(trajectory);
        }

        @Override
        public Topic topic() {
            return Topic.WEIGHTS_ZOO;
        }
    }

    // ---------------------------------------------------------------- topic weights.generated

    /**
     * Networks drawn from a flow's checkpoint.
     *
     * @param variant of the sampling; empty for the sampling itself
     * @param gradientSteps gradients of the task's loss that each network followed: guidance and refinement
     * @param networks [n, D], ordinary weights of the base architecture (canonical form inverted)
     */
    record GeneratedNetworks(
            RunId run,
            String flow,
            String variant,
            int checkpoint,
            long step,
            double seconds,
            boolean last,
            int gradientSteps,
            WeightBatch networks)
            implements Event {
        @Override
        public String id() {
            return "generated/%s/%s".formatted(sampled(flow, variant), checkpointLabel(checkpoint, last));
        }

        /** The same of no networks: what is said of them. */
        public GeneratedNetworks withoutWeights() {
            WeightBatch none = new WeightBatch(networks.architecture(), new float[0]);
            return new GeneratedNetworks(run, flow, variant, checkpoint, step, seconds, last, gradientSteps, none);
        }

        @Override
        public Topic topic() {
            return Topic.WEIGHTS_GENERATED;
        }
    }

    // ---------------------------------------------------------------- topic scores

    /**
     * The evaluation of a group of networks.
     *
     * @param group {@code held-out}, {@code train}, …, {@code generated/<flow>} or {@code generated/<flow>/<variant>}, also
     *     with {@code +k} after k gradient steps; {@code transfer/…} on another task
     * @param step of the checkpoint; 0 for baselines
     * @param seconds of training at the checkpoint; 0 for baselines
     * @param last whether this is the group's result; false for a checkpoint before the final one
     * @param n number of networks
     * @param values summary by snake_case name ({@code accuracy_mean}, …)
     * @param series one value per network, or per ensemble size, by snake_case name
     */
    record Score(
            RunId run,
            String group,
            int checkpoint,
            long step,
            double seconds,
            boolean last,
            int n,
            Map<String, Double> values,
            Map<String, double[]> series)
            implements Event {
        /** The id of a group's score at the checkpoint with this {@link Event#checkpointLabel}. */
        public static String idOf(String group, String label) {
            return "score/%s/%s".formatted(group, label);
        }

        /** The group of the networks that a flow generates with a variant of the sampling. */
        public static String groupOf(String flow, String variant) {
            return "generated/" + sampled(flow, variant);
        }

        /** The score of the same networks by other values. */
        public Score with(Map<String, Double> otherValues, Map<String, double[]> otherSeries) {
            return new Score(run, group, checkpoint, step, seconds, last, n, otherValues, otherSeries);
        }

        @Override
        public String id() {
            return idOf(group, checkpointLabel(checkpoint, last));
        }

        @Override
        public Topic topic() {
            return Topic.SCORES;
        }
    }

    /**
     * Loss barriers between pairs of training networks.
     *
     * @param variant {@code unaligned} or {@code aligned}
     * @param barrier [n][n], symmetric, zero diagonal
     */
    record LossBarriers(RunId run, String variant, double mean, double std, double[][] barrier) implements Event {
        @Override
        public String id() {
            return "barriers/" + variant;
        }

        @Override
        public Topic topic() {
            return Topic.SCORES;
        }
    }

    /**
     * What the scores of a run came from, as the evaluator that scored its baselines has it: for {@code run.json}, beside what
     * the submission says.
     *
     * @param values in reading order: {@code threads}, {@code libtorch}, {@code cuda}, and {@code data.…} SHA-256 of files
     */
    record RunIngredients(RunId run, Map<String, String> values) implements Event {
        @Override
        public String id() {
            return "ingredients";
        }

        @Override
        public Topic topic() {
            return Topic.SCORES;
        }
    }

    /**
     * The likelihood of training and held-out networks under a flow's final checkpoint.
     *
     * @param values summary by snake_case name ({@code bpd_train}, {@code bpd_held_out}, {@code bpd_gap}, {@code …_se})
     * @param series one value per network ({@code bpd_train}, {@code bpd_held_out})
     */
    record FlowLikelihood(RunId run, String flow, Map<String, Double> values, Map<String, double[]> series)
            implements Event {
        @Override
        public String id() {
            return "likelihood/" + flow + "/values";
        }

        @Override
        public Topic topic() {
            return Topic.SCORES;
        }
    }
}
