package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ZooTest {

    private static final Architecture ONE_WEIGHT = Architecture.relu(1, 1);

    @Test
    void sidesAreSplitByTrajectory() {
        Zoo zoo = new Zoo(
                ONE_WEIGHT, List.of(trajectory(3, true, 9), trajectory(1, false, 3, 4), trajectory(0, false, 1)));
        assertThat(firstWeights(zoo.training())).containsExactly(1, 3, 4);
        assertThat(zoo.trainingTrajectoryOf()).containsExactly(0, 1, 1);
        assertThat(firstWeights(zoo.heldOut())).containsExactly(9);
        assertThat(firstWeights(zoo.finals(false))).containsExactly(1, 4);
        assertThat(firstWeights(zoo.finals(true))).containsExactly(9);
    }

    @Test
    void theFirstTrajectoriesCountByIndex() {
        Zoo zoo = new Zoo(
                ONE_WEIGHT, List.of(trajectory(7, false, 5), trajectory(1, false, 3, 4), trajectory(0, true, 1)));
        assertThat(firstWeights(zoo.training(1))).containsExactly(3, 4);
        assertThat(firstWeights(zoo.training(2))).containsExactly(3, 4, 5);
        assertThat(firstWeights(zoo.training(0))).containsExactly(3, 4, 5);
        assertThatThrownBy(() -> zoo.training(3)).hasMessageContaining("trajectories (3) are not in a zoo with 2");
    }

    @Test
    void everySnapshotBeganAtTheInitialWeightsOfItsTrajectory() {
        Seed seed = new Seed(5);
        Zoo zoo = new Zoo(
                ONE_WEIGHT, List.of(trajectory(7, false, 5), trajectory(1, false, 3, 4), trajectory(0, true, 1)));
        float first = firstWeights(InitialWeights.draw(ONE_WEIGHT, 0.1, seed, 1, 2))[0];
        float second = firstWeights(InitialWeights.draw(ONE_WEIGHT, 0.1, seed, 7, 8))[0];

        assertThat(first).isNotEqualTo(second);
        assertThat(firstWeights(zoo.initial(0, 0.1, seed))).containsExactly(first, first, second);
        assertThat(firstWeights(zoo.initial(1, 0.1, seed))).containsExactly(first, first);
    }

    @Test
    void aZooWithoutOneSideHasNoNetworksThere() {
        assertThat(new Zoo(ONE_WEIGHT, List.of(trajectory(0, false, 1)))
                        .heldOut()
                        .size())
                .isZero();
    }

    @Test
    void aTrajectoryStandsInAZooOnce() {
        assertThatThrownBy(() -> new Zoo(ONE_WEIGHT, List.of(trajectory(2, false, 1), trajectory(2, true, 1))))
                .hasMessageContaining("trajectory (2) is there twice");
    }

    @Test
    void aZooHasOneArchitecture() {
        assertThatThrownBy(() -> new Zoo(Architecture.relu(2, 1), List.of(trajectory(2, false, 1))))
                .hasMessageContaining("1-1 in a zoo of 2-1");
    }

    private static Trajectory trajectory(int index, boolean heldOut, float... weights) {
        float[] theta = new float[2 * weights.length];
        int[] steps = new int[weights.length];
        for (int i = 0; i < weights.length; i++) {
            theta[2 * i] = weights[i];
            steps[i] = i + 1;
        }
        return new Trajectory(index, heldOut, steps, new float[weights.length], new WeightBatch(ONE_WEIGHT, theta));
    }

    private static float[] firstWeights(WeightBatch networks) {
        float[] out = new float[networks.size()];
        for (int i = 0; i < out.length; i++) {
            out[i] = networks.theta()[2 * i];
        }
        return out;
    }
}
