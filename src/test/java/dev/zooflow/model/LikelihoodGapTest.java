package dev.zooflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.LikelihoodSpec;
import dev.zooflow.experiment.SamplingSpec.Solver;
import dev.zooflow.flow.likelihood.LogLikelihood;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.BatchLoss;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LikelihoodGapTest {

    private static final Architecture TINY = Architecture.relu(2, 3, 2);

    @Test
    void aFlowThatLearntAGaussianGivesNearlyItsDensity() {
        WeightFlow flow = trained("geometry=euclidean, alignment=none", 1.0, gaussian(1000, 3), 300);
        double end = 0.5;
        WeightBatch fresh = gaussian(30, 4);
        LogLikelihood found = flow.logLikelihood(fresh, new LikelihoodSpec(30, Solver.HEUN, 32, 4, end), new Seed(5));

        // x_end = (1 − end) x0 + end x1 with x0 ~ N(0, 1) and x1 ~ N(1, 0.5²) in each coordinate.
        double variance = (1 - end) * (1 - end) + end * end * 0.25;
        int d = TINY.parameters();
        double expected = 0;
        for (float v : fresh.theta()) {
            expected += (-(v - end) * (v - end) / (2 * variance) - Math.log(2 * Math.PI * variance) / 2) / 30;
        }
        assertThat(Arrays.stream(found.value()).average().orElseThrow()).isCloseTo(expected, within(0.15 * d));
        assertThat(found.dimension()).isEqualTo(d);
        assertThat(Arrays.stream(found.standardError()).max().orElseThrow()).isBetween(0.0, (double) d);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({"euclidean,x1,keep", "geometric,x1,keep", "geometric,velocity,unit"})
    void aFlowThatSawThreeNetworksExplainsThemBest(String geometry, String prediction, String temperature) {
        WeightBatch few = gaussian(3, 6);
        String keys = "geometry=%s, prediction=%s, temperature=%s".formatted(geometry, prediction, temperature);
        WeightFlow flow = trained(keys, 0.5, few, 200);
        LikelihoodSpec spec = new LikelihoodSpec(3, Solver.HEUN, 16, 2, 0.8);

        LikelihoodGap gap =
                LikelihoodGap.measure(flow, few, Optional.empty(), few, gaussian(8, 7), spec, new Seed(1), new Seed(2));

        assertThat(gap.values())
                .allSatisfy((key, value) -> assertThat(value).as(key).isFinite());
        assertThat(gap.values().get("bpd_gap"))
                .isGreaterThan(Math.max(0.25, gap.values().get("bpd_gap_se")));
        assertThat(gap.series().get("bpd_train")).hasSize(3);
    }

    @Test
    void networksAreAlignedByTheLossOfTheTaskWhereTheFlowWas() {
        WeightBatch few = gaussian(3, 6);
        BatchLoss loss = (theta, seed) -> theta.square().sum(new int[] {1});
        FlowSpec spec = spec("geometry=euclidean, alignment=sinkhorn-mid-point");
        LikelihoodSpec likelihood = new LikelihoodSpec(3, Solver.EULER, 4, 2, 0.5);
        try (FlowTrainer trainer =
                new FlowTrainer(spec, 0.5, TrainingNetworks.of(few), Optional.of(loss), new Seed(1))) {
            LikelihoodGap gap = LikelihoodGap.measure(
                    trainer.snapshot(), few, Optional.of(loss), few, few, likelihood, new Seed(1), new Seed(2));
            assertThat(gap.values().get("bpd_train")).isFinite();
        }
    }

    @Test
    void theDimensionIsThatOfTheSpheresAndLines() {
        // 17 weights; a scale less for each of 3 neurons.
        WeightFlow keep = trained("geometry=geometric", 0.5, gaussian(3, 6), 1);
        LikelihoodSpec spec = new LikelihoodSpec(1, Solver.EULER, 2, 2, 0.5);
        assertThat(keep.logLikelihood(gaussian(1, 1), spec, new Seed(1)).dimension())
                .isEqualTo(14);
    }

    @Test
    void aNormalizedFlowHasNoDensity() {
        WeightFlow flow = trained("geometry=normalized", 0.5, gaussian(3, 6), 1);
        LikelihoodSpec spec = new LikelihoodSpec(1, Solver.EULER, 2, 2, 0.5);
        assertThatThrownBy(() -> flow.logLikelihood(gaussian(1, 1), spec, new Seed(1)))
                .hasMessageContaining("normalized");
        assertThat(spec.appliesTo(flow.spec())).isFalse();
    }

    private static WeightFlow trained(String keys, double initialStd, WeightBatch zoo, int steps) {
        try (FlowTrainer trainer = new FlowTrainer(spec(keys), initialStd, zoo, new Seed(1))) {
            for (int k = 0; k < steps; k++) {
                trainer.step((double) k / steps);
            }
            return trainer.snapshot();
        }
    }

    private static FlowSpec spec(String keys) {
        String text =
                "backbone { width = 16, layers = 2 }, training { batch-size = 16, warm-up = 5, learning-rate = 5e-3 }";
        return ExperimentFile.parse("flows = [{ name = f, %s, %s }]".formatted(text, keys))
                .flows()
                .get(0);
    }

    // n networks of N(1, 0.5²) in each weight.
    private static WeightBatch gaussian(int n, long seed) {
        float[] theta = new Seed(seed).gaussian(n * TINY.parameters());
        for (int i = 0; i < theta.length; i++) {
            theta[i] = 1 + 0.5f * theta[i];
        }
        return new WeightBatch(TINY, theta);
    }
}
