package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void splitsAreDisjointCompleteAndStratified(long seed) {
        int[] y = TaskFixture.random(1000, 7, seed);
        Partition p = Partition.stratified(y, 7, 0.1, 0.25, new Seed(seed));

        int[] all = IntStream.of(p.train()).sorted().toArray();
        all = IntStream.concat(
                        IntStream.of(all), IntStream.concat(IntStream.of(p.validation()), IntStream.of(p.test())))
                .sorted()
                .toArray();
        assertThat(all).isEqualTo(IntStream.range(0, 1000).toArray());
        assertThat(p.test()).hasSize(250);
        assertThat(p.validation()).hasSize(100);
        for (int c = 0; c < 7; c++) {
            int of = c;
            long inClass = IntStream.of(y).filter(v -> v == of).count();
            assertThat((double) count(p.test(), y, c)).isBetween(0.25 * inClass - 1, 0.25 * inClass + 1);
            assertThat((double) count(p.validation(), y, c)).isBetween(0.1 * inClass - 1, 0.1 * inClass + 1);
        }
    }

    @Test
    void everyClassKeepsATrainingExample() {
        int[] y = {0, 1, 1, 2, 2, 2, 3};
        Partition p = Partition.stratified(y, 4, 0.3, 0.2, new Seed(1));
        for (int c = 0; c < 4; c++) {
            assertThat(count(p.train(), y, c)).as("class %d", c).isPositive();
        }
        assertThat(p.test()).isNotEmpty();
        assertThat(p.validation()).isNotEmpty();
    }

    @Test
    void manySmallClassesTogetherFillTheSplits() {
        int[] y = IntStream.range(0, 100).map(i -> i / 4).toArray();
        Partition p = Partition.stratified(y, 25, 0.1, 0.1, new Seed(1));
        assertThat(p.test()).hasSize(10);
        assertThat(p.validation()).hasSize(10);
    }

    @Test
    void theSeedDecides() {
        int[] y = TaskFixture.random(200, 3, 1);
        Partition a = Partition.stratified(y, 3, 0.2, 0.2, new Seed(1));
        assertThat(Partition.stratified(y, 3, 0.2, 0.2, new Seed(1)).train()).isEqualTo(a.train());
        assertThat(Partition.stratified(y, 3, 0.2, 0.2, new Seed(2)).train()).isNotEqualTo(a.train());
    }

    private static long count(int[] rows, int[] y, int c) {
        return Arrays.stream(rows).filter(row -> y[row] == c).count();
    }
}
