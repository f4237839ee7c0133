package dev.zooflow.actor;

import dev.zooflow.data.Split;
import dev.zooflow.experiment.GuidanceSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.model.WeightFlow;
import dev.zooflow.model.WeightFlow.Sampled;
import dev.zooflow.tensor.Seed;
import dev.zooflow.zoo.Descent;
import dev.zooflow.zoo.Refinement;
import dev.zooflow.zoo.TaskGradient;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Draws networks from a flow as a sampling asks: guided, then refined, by a task's training split. No other split reaches
 * this place.
 */
final class Generation {

    private Generation() {}

    /**
     * Draws networks.
     *
     * @param training asked for only when there is guidance or refinement
     */
    static Sampled generate(WeightFlow flow, int n, SamplingSpec sampling, Supplier<Split> training, Seed seed) {
        Sampled sampled = sample(flow, n, sampling, training, seed);
        int steps = sampling.refine().steps();
        if (steps == 0 || sampled.networks().nonFinite() > 0) {
            return sampled;
        }
        Descent descent = Descent.of(sampling.refine());
        try (Refinement refinement =
                new Refinement(sampled.networks(), descent, training.get(), seed.child("refinement"))) {
            WeightBatch refined = refinement.step(steps).networks();
            return new Sampled(refined, sampled.gradientSteps() + steps);
        }
    }

    private static Sampled sample(WeightFlow flow, int n, SamplingSpec sampling, Supplier<Split> training, Seed seed) {
        GuidanceSpec guidance = sampling.guidance();
        if (!guidance.isOn()) {
            return flow.sample(n, sampling, Optional.empty(), seed);
        }
        try (TaskGradient task =
                new TaskGradient(flow.architecture(), training.get(), guidance.batchSize(), seed.child("guidance"))) {
            return flow.sample(n, sampling, Optional.of(task::gradient), seed);
        }
    }
}
