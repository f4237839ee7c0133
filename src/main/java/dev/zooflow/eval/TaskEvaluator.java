package dev.zooflow.eval;

import dev.zooflow.data.Split;
import dev.zooflow.experiment.EvaluationSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.Map;

/**
 * Scores networks by what they do on a task alone, without comparison to a zoo: accuracy, loss, diversity and model
 * averaging on the task's test split. Thread-safe.
 */
public final class TaskEvaluator {

    private final EvaluationSpec spec;
    private final Split test;
    private final Seed seed;

    /**
     * An evaluator.
     *
     * @param test the task's test split
     */
    public TaskEvaluator(EvaluationSpec spec, Split test, Seed seed) {
        this.spec = spec;
        this.test = test;
        this.seed = seed;
    }

    /**
     * Scores a group.
     *
     * @param networks at least one
     * @param gradientSteps gradients of the task's loss that each network has followed
     */
    public GroupScore score(String group, WeightBatch networks, int gradientSteps) {
        return Performance.of(group, networks, test, spec.calibrationBins(), seed.child("diversity"))
                .score(group, gradientSteps);
    }

    /** Mean ({@code accuracy}) and standard deviation ({@code accuracy_std}) of the networks' accuracy. */
    public Map<String, Double> accuracy(WeightBatch networks) {
        double[] accuracy = Predictions.map(networks, test, Outcome::accuracy).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        double std = accuracy.length > 1 ? Statistics.std(accuracy) : 0;
        return Map.of("accuracy", Statistics.mean(accuracy), "accuracy_std", std);
    }
}
