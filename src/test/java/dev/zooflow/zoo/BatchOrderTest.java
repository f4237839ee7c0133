package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BatchOrderTest {

    private static final Seed FIRST = new Seed(1);
    private static final Seed SECOND = new Seed(2);

    @Test
    void everyEpochHasEveryExampleOnceForEachNetwork() {
        BatchOrder order = new BatchOrder(new Seed[] {FIRST, SECOND}, 10, 4);
        for (int epoch = 0; epoch < 2; epoch++) {
            order.startEpoch(epoch);
            long[][] batches = {order.rows(0), order.rows(1), order.rows(2)};
            assertThat(batches[2]).as("what is left of 10 examples").hasSize(2 * 2);
            for (int network = 0; network < 2; network++) {
                assertThat(seenBy(network, batches)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            }
        }
    }

    @Test
    void orderDependsOnTheNetworksSeedAndTheEpochOnly() {
        BatchOrder both = new BatchOrder(new Seed[] {FIRST, SECOND}, 10, 10);
        BatchOrder alone = new BatchOrder(new Seed[] {SECOND}, 10, 10);
        both.startEpoch(0);
        alone.startEpoch(0);
        long[] firstEpoch = alone.rows(0);
        assertThat(Arrays.copyOfRange(both.rows(0), 10, 20)).isEqualTo(firstEpoch);
        assertThat(Arrays.copyOfRange(both.rows(0), 0, 10)).isNotEqualTo(firstEpoch);
        alone.startEpoch(1);
        assertThat(alone.rows(0)).isNotEqualTo(firstEpoch);
    }

    private static long[] seenBy(int network, long[][] batches) {
        return Arrays.stream(batches)
                .flatMapToLong(rows ->
                        LongStream.of(rows).skip(network * (rows.length / 2L)).limit(rows.length / 2L))
                .sorted()
                .toArray();
    }
}
