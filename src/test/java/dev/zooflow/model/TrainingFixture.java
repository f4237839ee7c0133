package dev.zooflow.model;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;

/** What tests of flow training share. */
final class TrainingFixture {

    private TrainingFixture() {}

    /** Networks around two centres, so that there is something to learn. */
    static WeightBatch twoCentres(Architecture architecture, int n) {
        int d = architecture.parameters();
        float[] centres = new Seed(11).gaussian(2 * d);
        float[] theta = new Seed(12).gaussian(n * d);
        for (int i = 0; i < theta.length; i++) {
            theta[i] = centres[(i / d % 2) * d + i % d] + 0.2f * theta[i];
        }
        return new WeightBatch(architecture, theta);
    }

    /** All steps of a budget. */
    static void train(FlowTrainer trainer, int steps) {
        for (int k = 0; k < steps; k++) {
            trainer.step((double) k / steps);
        }
    }

    /** Mean loss of so many steps at the end of the budget, which change nothing. */
    static double meanLoss(FlowTrainer trainer, int steps) {
        double sum = 0;
        for (int k = 0; k < steps; k++) {
            sum += trainer.step(1).loss();
        }
        return sum / steps;
    }
}
