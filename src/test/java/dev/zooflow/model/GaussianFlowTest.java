package dev.zooflow.model;

import static dev.zooflow.model.TrainingFixture.train;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.SamplingSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Flows from N(0, I) to N(1, I), of which everything is known in closed form; experiments/gaussian.conf in small. */
class GaussianFlowTest {

    private static final Architecture SMALL = Architecture.relu(4, 6, 2);
    private static final int NETWORKS = 1000;

    /**
     * The exact field has the slope a(t) = (2t−1)/v, v = t² + (1−t)², so that its flow keeps the standard deviation; noise of
     * variance ε² before each of n steps adds nε² ∫ dt/v = nε² π/2 to the variance.
     */
    @ParameterizedTest(name = "{0}, reference features: {1}")
    @CsvSource({"velocity, false, 0.05", "x1-preconditioned, false, 0.08"})
    void aTrainedFlowReachesTheMeanAndTheSpread(String prediction, boolean reference, double bound) {
        WeightFlow flow = trained(prediction, reference, 200);
        double[] plain = moments(flow, "steps = 50");
        assertThat(plain[0]).isCloseTo(1, within(bound));
        assertThat(plain[1]).isCloseTo(1, within(bound));
        double[] noisy = moments(flow, "steps = 50, noise = 0.05");
        assertThat(noisy[0]).isCloseTo(1, within(bound));
        assertThat(noisy[1]).isCloseTo(Math.sqrt(1 + 50 * 0.05 * 0.05 * Math.PI / 2), within(bound));
    }

    @Test
    void anUntrainedPreconditionedFlowDrawsFromAGaussianOfTheZoosScale() {
        double[] moments = moments(trained("x1-preconditioned", true, 0), "steps = 50");
        assertThat(moments[0]).isCloseTo(1, within(0.02));
        assertThat(moments[1]).isCloseTo(1, within(0.02));
    }

    @Test
    void withoutOutputTheEndPointIsTheLinearGuess() {
        try (NDManager manager = Torch.manager()) {
            float[] base = {1, -2};
            float[] ones = {1, 1};
            CoordinateScale scale = new CoordinateScale(
                    base, base, ones, new float[] {1, 0.5f}, new float[] {0.5f, 0.5f}, new float[] {1, 2});
            NDArray xt = Torch.array(manager, new float[] {3, 3, 3, 3, 3, 3}, new Shape(3, 2));
            NDArray t = Torch.array(manager, new float[] {0, 0.25f, 1}, new Shape(3, 1));
            NDArray output = manager.zeros(xt.getShape());
            // b + t s1²/(t² s1² + (1−t)² s0²) (3 − t b), at t = ¼: 1 + 0.25/0.625 · 2.75 and −2 + 0.0625/2.265625 ·
            // 3.5.
            assertThat(Preconditioning.of(manager, scale, 1)
                            .endPoint(output, xt, t)
                            .toFloatArray())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(1, -2, 2.1f, -1.903448f, 3, 3);
            // Half of the deviation from b.
            assertThat(Preconditioning.of(manager, scale, 0.5)
                            .endPoint(output, xt, t)
                            .toFloatArray())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(1, -2, 1.55f, -1.951724f, 2, 0.5f);
            // The output counts in standard deviations of what is left open: ¾/√0.625 and ¾·2·½/√2.265625 at t = ¼.
            assertThat(Preconditioning.of(manager, scale, 1)
                            .endPoint(output.onesLike(), xt, t)
                            .toFloatArray())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(2, -1.5f, 3.048683f, -1.405178f, 3, 3);
        }
    }

    private static WeightFlow trained(String prediction, boolean reference, int steps) {
        FlowSpec spec = ExperimentFile.parse("""
                        flows = [{
                          name = f, geometry = euclidean, alignment = none, sigma = 1e-3, prediction = %s
                          backbone { width = 16, layers = 2, reference-features = %s }
                          training { batch-size = 16, optimizer = adam, learning-rate = 3e-3, warm-up = 20 }
                        }]""".formatted(prediction, reference))
                .flows()
                .get(0);
        float[] theta = new Seed(3).gaussian(NETWORKS * SMALL.parameters());
        for (int i = 0; i < theta.length; i++) {
            theta[i] += 1;
        }
        try (FlowTrainer trainer = new FlowTrainer(spec, 1, new WeightBatch(SMALL, theta), new Seed(1))) {
            train(trainer, steps);
            return trainer.snapshot();
        }
    }

    // Mean and standard deviation of all weights.
    private static double[] moments(WeightFlow flow, String keys) {
        SamplingSpec sampling =
                ExperimentFile.parse("sampling { %s }".formatted(keys)).sampling();
        float[] x = flow.sample(200, sampling, new Seed(2)).theta();
        double mean = 0;
        double square = 0;
        for (float v : x) {
            mean += v / x.length;
            square += (double) v * v / x.length;
        }
        return new double[] {mean, Math.sqrt(square - mean * mean)};
    }
}
