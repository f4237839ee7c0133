package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.data.Split;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PredictionsTest {

    private static final Architecture LINEAR = Architecture.relu(1, 2);

    // Logits (x, 0), (−x, 0) and (1000 x, 0).
    private static final WeightBatch NETWORKS =
            new WeightBatch(LINEAR, new float[] {1, 0, 0, 0, -1, 0, 0, 0, 1000, 0, 0, 0});

    private static final Split SPLIT = new Split(new float[] {2, -1, 0.5f}, new int[] {0, 1, 1}, 1);

    @Test
    void probabilitiesAndErrorsAreThoseOfTheNetwork() {
        Predictions p = Predictions.of(NETWORKS, SPLIT);
        assertThat(p.at(0, 0, 0)).isCloseTo(sigmoid(2), within(1e-6f));
        assertThat(p.at(1, 1, 1)).isCloseTo(sigmoid(-1), within(1e-6f));
        assertThat(p.outcomes().get(0).predicted()).containsExactly(0, 1, 0);
        assertThat(p.outcomes().get(0).accuracy()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(p.outcomes().get(1).predicted()).containsExactly(1, 0, 1);
        assertThat(p.outcomes().get(0).disagreement(p.outcomes().get(1))).isEqualTo(1);
        assertThat(p.outcomes().get(0).disagreement(p.outcomes().get(2))).isZero();
    }

    @Test
    void lossIsTheMeanCrossEntropyAlsoWhereProbabilitiesUnderflow() {
        List<Outcome> outcomes = Predictions.of(NETWORKS, SPLIT).outcomes();
        double expected = -(Math.log(sigmoid(2)) + Math.log(sigmoid(1)) + Math.log(sigmoid(-0.5))) / 3;
        assertThat(outcomes.get(0).loss()).isCloseTo(expected, within(1e-6));
        // The third example alone is wrong, by 500.
        assertThat(outcomes.get(2).loss()).isCloseTo(500 / 3.0, within(1e-3));
    }

    @Test
    void networksInGroupsHaveTheSameOutcomesAsAtOnce() {
        // 30,000 examples of 300 classes: 32 networks at a time.
        Architecture wide = Architecture.relu(1, 300);
        float[] x = new float[30_000];
        int[] y = new int[x.length];
        for (int t = 0; t < x.length; t++) {
            x[t] = t % 7 - 3;
            y[t] = t % 300;
        }
        Split split = new Split(x, y, 1);
        assertThat(Predictions.largestGroup(split, 300)).isEqualTo(32);
        float[] theta = new float[33 * wide.parameters()];
        theta[32 * wide.parameters() + 5] = 1;
        List<Double> losses = Predictions.map(new WeightBatch(wide, theta), split, Outcome::loss);
        assertThat(losses).hasSize(33);
        assertThat(losses.get(0)).isCloseTo(Math.log(300), within(1e-4));
        assertThat(losses.get(32)).isNotEqualTo(losses.get(0));
    }

    private static float sigmoid(double x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }
}
