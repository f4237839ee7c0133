package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.tensor.Seed;
import org.junit.jupiter.api.Test;

final class DiversityTest {

    private static final Seed SEED = new Seed(1);

    /** SciPy 1.17.1: {@code jensenshannon([0.7, 0.2, 0.1], [0.1, 0.3, 0.6]) ** 2} gives 0.2306454879041134. */
    @Test
    void divergenceAgreesWithSciPyAndIsAveragedOverExamples() {
        // The second example's distributions are disjoint: log 2.
        Predictions p =
                PredictionsFixture.of(3, new int[] {0, 0}, 0.7f, 0.2f, 0.1f, 1, 0, 0, 0.1f, 0.3f, 0.6f, 0, 0.5f, 0.5f);
        assertThat(Diversity.divergence(p, 0, 1)).isCloseTo((0.2306454879041134 + Math.log(2)) / 2, within(1e-7));
        assertThat(Diversity.jensenShannon(p, SEED)).isEqualTo(Diversity.divergence(p, 0, 1));
    }

    @Test
    void diversityIsTheMeanOverPairs() {
        // Pairs (0, 1) are equal, (0, 2) and (1, 2) disjoint.
        Predictions p = PredictionsFixture.of(2, new int[] {0}, 1, 0, 1, 0, 0, 1);
        assertThat(Diversity.jensenShannon(p, SEED)).isCloseTo(2 * Math.log(2) / 3, within(1e-12));
    }

    @Test
    void pairsOfALargeGroupAreDrawnFromTheSeedAndNeverOfANetworkWithItself() {
        // 200 networks that are sure of a class of their own: every pair of two different ones has log 2.
        float[] probability = new float[200 * 200];
        for (int i = 0; i < 200; i++) {
            probability[i * 200 + i] = 1;
        }
        Predictions p = PredictionsFixture.of(200, new int[] {0}, probability);
        assertThat(Diversity.jensenShannon(p, SEED)).isCloseTo(Math.log(2), within(1e-12));
    }

    @Test
    void oneNetworkHasNone() {
        assertThatThrownBy(() -> Diversity.jensenShannon(PredictionsFixture.of(2, new int[] {0}, 1, 0), SEED))
                .hasMessageContaining("networks (1) form no pair");
    }
}
