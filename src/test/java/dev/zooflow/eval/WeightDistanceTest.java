package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class WeightDistanceTest {

    private static final int TRAINING = 40;
    private static final int SIZE = 9;
    private static final int COMPARED = 8;

    private final float[] training = new Seed(1).gaussian(TRAINING * SIZE);
    private final int[] trajectory = new int[TRAINING];
    private final WeightDistance distance = new WeightDistance(training, trajectory, SIZE, COMPARED);

    WeightDistanceTest() {
        Arrays.setAll(trajectory, k -> k / 10);
    }

    @Test
    void nearestIsThatOfAFullSearchOverTheComparedCoordinates() {
        // More networks than are searched at once.
        float[] networks = new Seed(2).gaussian(300 * SIZE);
        WeightDistance.Nearest nearest = distance.nearest(networks, WeightDistance.nobody(300));
        for (int i = 0; i < 300; i++) {
            int best = search(networks, i, -1);
            assertThat(nearest.index()[i]).isEqualTo(best);
            assertThat(nearest.distance()[i]).isCloseTo(between(networks, i, best), within(1e-6));
        }
    }

    @Test
    void theOwnTrajectoryDoesNotCount() {
        float[] networks = Arrays.copyOf(training, TRAINING * SIZE);
        WeightDistance.Nearest nearest = distance.nearest(networks, trajectory);
        for (int i = 0; i < TRAINING; i++) {
            assertThat(trajectory[nearest.index()[i]]).isNotEqualTo(trajectory[i]);
            assertThat(nearest.index()[i]).isEqualTo(search(networks, i, trajectory[i]));
        }
    }

    @Test
    void copiesAreFoundExactlyAmongNearCopiesFarFromTheOrigin() {
        float[] x = new float[TRAINING * SIZE];
        for (int k = 0; k < x.length; k++) {
            x[k] = 100 + 1e-4f * training[k];
        }
        WeightDistance far = new WeightDistance(x, trajectory, SIZE, COMPARED);
        WeightDistance.Nearest nearest = far.nearest(x, WeightDistance.nobody(TRAINING));
        assertThat(nearest.distance()).containsOnly(0);
        assertThat(nearest.index()).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void aNetworkWithNothingToCompareWithIsRefused() {
        WeightDistance single = new WeightDistance(new float[] {1, 2}, new int[] {7}, 2, 2);
        assertThatThrownBy(() -> single.nearest(new float[] {1, 2}, new int[] {7}))
                .hasMessageContaining("network (0) has no training network");
    }

    private int search(float[] networks, int i, int excluded) {
        int best = -1;
        for (int k = 0; k < TRAINING; k++) {
            if (trajectory[k] != excluded && (best < 0 || between(networks, i, k) < between(networks, i, best))) {
                best = k;
            }
        }
        return best;
    }

    private double between(float[] networks, int i, int k) {
        double sum = 0;
        for (int c = 0; c < COMPARED; c++) {
            sum += Math.pow(networks[i * SIZE + c] - training[k * SIZE + c], 2);
        }
        return Math.sqrt(sum);
    }
}
