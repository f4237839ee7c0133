package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NoveltyTest {

    private static final int[] LABELS = {0, 0, 0, 0};

    // Held-out median 2, so that ratios are half of the distances.
    private final Novelty novelty = new Novelty(
            new double[] {1, 2, 3},
            0.9,
            List.of(errors(1, 1, 0, 0), errors(0, 1, 1, 0), errors(0, 0, 0, 1)),
            new int[] {0, 0, 1});

    @Test
    void everyNetworkIsMeasuredAgainstTheHeldOutMedian() {
        Map<String, Double> values = new HashMap<>();
        Map<String, double[]> series = new HashMap<>();
        double[] distance = {0, 1, 1.6, 2.4};
        double[] accuracy = {1, 0.9, 0.89, 0.95};
        novelty.addTo(values, series, distance, accuracy);
        assertThat(series.get("nn_ratio")).containsExactly(new double[] {0, 0.5, 0.8, 1.2}, within(1e-12));
        assertThat(values.get("nn_ratio_mean")).isCloseTo(0.625, within(1e-12));
        assertThat(values.get("copy_rate")).isEqualTo(0.25);
        assertThat(values.get("novel_performant_050")).isEqualTo(0.5);
        assertThat(values.get("novel_performant_075")).isEqualTo(0.25);
        assertThat(values.get("novel_performant_100")).isEqualTo(0.25);
        // U: 0 + ½ + 1 + 2 = 3.5 of 12 pairs; (3.5 − 6) / √(12 · 8 / 12)
        assertThat(values.get("z_u")).isCloseTo(-2.5 / Math.sqrt(8), within(1e-12));
    }

    @Test
    void errorSimilarityIsTheLargestAmongOtherTrajectories() {
        ErrorSet own = errors(1, 1, 0, 1);
        assertThat(novelty.errorSimilarity(own, -1)).as("the first: 2 of 3").isCloseTo(2 / 3.0, within(1e-12));
        assertThat(novelty.errorSimilarity(own, 0)).as("the third: 1 of 3").isCloseTo(1 / 3.0, within(1e-12));
    }

    private static ErrorSet errors(int... predicted) {
        return ErrorSet.of(predicted, LABELS);
    }
}
