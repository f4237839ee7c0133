package dev.zooflow.experiment;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What made the flows of an experiment, how they are ranked, and which of them are not trained to their end.
 *
 * @param method how values were chosen
 * @param metric that ranks them
 * @param runCap most trials
 * @param maxConcurrent most trials at a time; 0 is no bound, and for tpe 1
 * @param onFailure what a trial that fails does to the others
 * @param maxRetries how often a task that was given up is tried again
 * @param earlyTerminate which trials are stopped
 * @param space what tpe searches, as HOCON; empty for other methods
 */
public record SweepSpec(
        Method method,
        Metric metric,
        int runCap,
        int maxConcurrent,
        OnFailure onFailure,
        int maxRetries,
        EarlyTerminateSpec earlyTerminate,
        String space) {

    /** Whether trials may end before their budget is used up. */
    public boolean stopsTrials() {
        return earlyTerminate.type() != EarlyTerminateSpec.Type.NONE;
    }

    /** How values are chosen. */
    public enum Method {
        /** Every combination. */
        GRID,
        /** Independently at random. */
        RANDOM,
        /** A Halton sequence with a random shift, which fills the space more evenly. */
        QUASI_RANDOM,
        /** By what earlier trials came to: the tree-structured Parzen estimator. */
        TPE
    }

    /** What a trial that fails does to the others. */
    public enum OnFailure {
        CONTINUE,
        /** The run ends. */
        STOP
    }

    /** Which values of a metric are good. */
    public enum Goal {
        MAXIMIZE,
        MINIMIZE
    }

    /**
     * A value of a flow's score. Whatever is selected is selected by its value on the task's validation split.
     *
     * @param name as in {@code scores.json}
     * @param goal whether much or little of it is good
     */
    public record Metric(String name, Goal goal) {

        /** How the names of values on the validation split begin; the same value on the test split has no prefix. */
        public static final String VALIDATION = "validation_";

        /** Names of the values that a group of generated networks has whatever its size. */
        public static final List<String> NAMES = List.of(
                "accuracy_mean",
                "accuracy_std",
                "loss_mean",
                "loss_std",
                "nn_ratio_mean",
                "z_u",
                "copy_rate",
                "error_similarity_mean",
                "novel_performant_050",
                "novel_performant_075",
                "novel_performant_100",
                "dispersion",
                "diversity",
                "disagreement");

        private static final Pattern AVERAGE = Pattern.compile("bma_(accuracy|nll|ece)_(\\d{1,6})");

        /** Values of which little is good: errors, copies, costs, and how unequal networks of a group are in quality. */
        private static final Pattern MINIMIZED = Pattern.compile(
                "loss_.*|accuracy_std|copy_rate|error_similarity_mean|bma_(nll|ece)_\\d+|bpd_.*|gradient_steps");

        /** Whether a group of generated networks may have a value of this name; averages are those of 1, 2, 4, … networks. */
        static boolean exists(String name) {
            Matcher average = AVERAGE.matcher(name);
            return NAMES.contains(name)
                    || (average.matches() && Integer.bitCount(Integer.parseInt(average.group(2))) == 1);
        }

        /**
         * One by its name on either split.
         *
         * @param goal if it is not that which the name says
         */
        public static Metric of(String name, @Nullable Goal goal) {
            String plain = name.startsWith(VALIDATION) ? name.substring(VALIDATION.length()) : name;
            Goal own = MINIMIZED.matcher(plain).matches() ? Goal.MINIMIZE : Goal.MAXIMIZE;
            return new Metric(plain, goal == null ? own : goal);
        }

        /**
         * What of a score may choose: a value on the validation split; on the test split only of runs of earlier versions, which
         * know no other. NaN where there is neither.
         */
        public static double selecting(Map<String, Double> values, String name) {
            return values.getOrDefault(VALIDATION + name, values.getOrDefault(name, Double.NaN));
        }

        /** The name of the value on the validation split. */
        public String selection() {
            return VALIDATION + name;
        }

        /** The value on the validation split with the sign that makes larger better; empty where there is none. */
        public OptionalDouble utility(Map<String, Double> values) {
            double value = values.getOrDefault(selection(), Double.NaN);
            return Double.isNaN(value) ? OptionalDouble.empty() : OptionalDouble.of(utility(value));
        }

        /** A value with the sign that makes larger better; its own inverse. */
        public double utility(double value) {
            return goal == Goal.MAXIMIZE ? value : -value;
        }
    }
}
