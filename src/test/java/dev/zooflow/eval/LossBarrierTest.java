package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.zooflow.data.Split;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.graph.WeightBatch;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LossBarrierTest {

    @Test
    void barrierIsTheMidpointsLossLessTheMeanOfBoth() {
        // Logits (w x, 0) for w = 3, −1 and 1, one example x = 1 of class 0: loss log(1 + exp(−w)).
        WeightBatch networks =
                new WeightBatch(Architecture.relu(1, 2), new float[] {3, 0, 0, 0, -1, 0, 0, 0, 1, 0, 0, 0});
        Barriers barriers = LossBarrier.of("any", networks, new Split(new float[] {1}, new int[] {0}, 1));
        double first = loss(1) - (loss(3) + loss(-1)) / 2;
        double second = loss(2) - (loss(3) + loss(1)) / 2;
        double third = loss(0) - (loss(-1) + loss(1)) / 2;
        assertThat(barriers.barrier()[0]).containsExactly(new double[] {0, first, second}, within(1e-6));
        assertThat(barriers.barrier()[1]).containsExactly(new double[] {first, 0, third}, within(1e-6));
        assertThat(barriers.barrier()[2]).containsExactly(new double[] {second, third, 0}, within(1e-6));
        assertThat(barriers.mean()).isCloseTo((first + second + third) / 3, within(1e-6));
        assertThat(barriers.std()).isCloseTo(Statistics.std(new double[] {first, second, third}), within(1e-6));
    }

    @Test
    void aPermutedCopyHasABarrierAndAnEqualOneHasNone() {
        LayerLayout layout = LayerLayout.of(Architecture.relu(1, 2, 2));
        // Two hidden neurons, relu(4x) for class 0 and relu(−4x) for class 1; then the two swapped.
        WeightBatch network = new WeightBatch(layout.architecture(), new float[] {4, -4, 0, 0, 1, 0, 0, 1, 0, 0});
        WeightBatch swapped = new Permutations(new int[][][] {{{1, 0}}}).apply(layout, network);
        Split split = new Split(new float[] {1, -1}, new int[] {0, 1}, 1);
        Barriers apart = LossBarrier.of("unaligned", pair(network, swapped), split);
        assertThat(apart.mean()).isCloseTo(Math.log(2) - loss(4), within(1e-6));
        assertThat(apart.std()).as("of a single pair").isZero();
        assertThat(LossBarrier.of("aligned", pair(network, network), split).mean())
                .isCloseTo(0, within(1e-6));
    }

    private static WeightBatch pair(WeightBatch a, WeightBatch b) {
        return WeightBatch.concat(List.of(a, b));
    }

    private static double loss(double w) {
        return Math.log1p(Math.exp(-w));
    }
}
