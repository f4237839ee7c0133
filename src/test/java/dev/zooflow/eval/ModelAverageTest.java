package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class ModelAverageTest {

    private static final Offset<Double> TOLERANCE = within(1e-6);

    // Three networks, two examples of classes 0 and 1.
    private static final Predictions THREE = PredictionsFixture.of(
            2, new int[] {0, 1}, 0.9f, 0.1f, 0.6f, 0.4f, 0.3f, 0.7f, 0.2f, 0.8f, 0.4f, 0.6f, 0.5f, 0.5f);

    @Test
    void aSingleNetworkIsTheMeanOverAllOfThem() {
        ModelAverage average = ModelAverage.of(THREE, 1);
        // Right: 1, 1 and 0 of 2 (equal probabilities go to class 0).
        assertThat(average.accuracy()[0]).isCloseTo((0.5 + 0.5 + 0) / 3, TOLERANCE);
        double nll = -(Math.log(0.9 * 0.4) + Math.log(0.3 * 0.8) + Math.log(0.4 * 0.5)) / 6;
        assertThat(average.nll()[0]).isCloseTo(nll, TOLERANCE);
        // |1 − 1.5|, |1 − 1.5|, |0 − 1.1|, each over 2 examples.
        assertThat(average.ece()[0]).isCloseTo((0.25 + 0.25 + 0.55) / 3, TOLERANCE);
    }

    @Test
    void twoNetworksShareTheirProbabilities() {
        ModelAverage average = ModelAverage.of(THREE, 1);
        assertThat(average.members()).as("the third network has no partner").containsExactly(1, 2);
        // (0.6, 0.4) and (0.4, 0.6): both right.
        assertThat(average.accuracy()[1]).isEqualTo(1);
        assertThat(average.nll()[1]).isCloseTo(-Math.log(0.6), TOLERANCE);
        assertThat(average.ece()[1]).isCloseTo(0.4, TOLERANCE);
    }

    @Test
    void everyDisjointRunCounts() {
        Predictions four = PredictionsFixture.of(2, new int[] {0}, 1, 0, 0.8f, 0.2f, 0.3f, 0.7f, 0.1f, 0.9f);
        ModelAverage average = ModelAverage.of(four, 5);
        assertThat(average.members()).containsExactly(1, 2, 4);
        assertThat(average.accuracy()).containsExactly(0.5, 0.5, 1);
        assertThat(average.nll()[1]).isCloseTo(-(Math.log(0.9) + Math.log(0.2)) / 2, TOLERANCE);
        assertThat(average.nll()[2]).isCloseTo(-Math.log(0.55), TOLERANCE);
    }

    @Test
    void impossibleProbabilitiesStayFinite() {
        ModelAverage average = ModelAverage.of(PredictionsFixture.of(2, new int[] {0}, 0, 1), 5);
        assertThat(average.nll()[0]).isBetween(80.0, 90.0);
    }

    @Test
    void figuresAreNamedByTheirSize() {
        Map<String, Double> values = new HashMap<>();
        Map<String, double[]> series = new HashMap<>();
        ModelAverage.of(THREE, 1).addTo(values, series);
        assertThat(values)
                .containsOnlyKeys(
                        "bma_accuracy_1", "bma_nll_1", "bma_ece_1", "bma_accuracy_2", "bma_nll_2", "bma_ece_2");
        assertThat(series).containsOnlyKeys("bma_members", "bma_accuracy", "bma_nll", "bma_ece");
    }
}
