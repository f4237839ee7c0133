package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.rebasin.RandomSymmetry;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MatchedDistanceTest {

    private static final int TRAINING = 4;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aCopyWithOtherNeuronOrderIsACopy(int hiddenLayers) {
        Architecture architecture = new Architecture(List.of(6, 8, 8, 3).subList(0, hiddenLayers + 2), Activation.RELU);
        LayerLayout layout = LayerLayout.of(architecture);
        int d = layout.size();
        float[] training = new Seed(1).gaussian(TRAINING * d);
        float[] noise = new Seed(2).gaussian(TRAINING * d);
        float[] noisy = new float[training.length];
        for (int k = 0; k < noisy.length; k++) {
            noisy[k] = training[k] + 0.01f * noise[k];
        }
        float[] shuffled = RandomSymmetry.permutations(layout, TRAINING, new Seed(4))
                .apply(layout, new WeightBatch(architecture, noisy))
                .theta();
        int[] trajectory = {0, 1, 2, 3};
        WeightDistance aligned = new WeightDistance(training, trajectory, d, d);

        MatchedDistance distance = new MatchedDistance(layout, aligned, new Seed(3));
        WeightDistance.Nearest nearest = distance.nearest(shuffled);

        assertThat(nearest.index()).containsExactly(trajectory);
        assertThat(nearest.distance())
                .usingComparatorWithPrecision(1e-5)
                .containsExactly(
                        aligned.nearest(noisy, WeightDistance.nobody(TRAINING)).distance());
        double[] other = distance.nearest(shuffled, trajectory).distance();
        assertThat(Arrays.stream(other).min().orElseThrow()).isGreaterThan(10 * nearest.distance()[0]);
        assertThat(nearest.distance()[0]).isCloseTo(0.01 * Math.sqrt(d), within(0.005 * Math.sqrt(d)));
    }
}
