package dev.zooflow.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ErrorSetTest {

    @Test
    void jaccardIsSharedErrorsOverAllErrors() {
        int[] labels = new int[200];
        ErrorSet a = wrongAt(labels, 0, 63, 64, 150);
        ErrorSet b = wrongAt(labels, 63, 64, 199);
        assertThat(a.size()).isEqualTo(4);
        assertThat(a.jaccard(b)).as("2 of 5").isEqualTo(0.4, within(1e-12));
        assertThat(b.jaccard(a)).isEqualTo(0.4, within(1e-12));
    }

    @Test
    void equalSetsHaveSimilarityOneAndDisjointOnesZero() {
        int[] labels = new int[70];
        assertThat(wrongAt(labels, 1, 69).jaccard(wrongAt(labels, 1, 69))).isEqualTo(1);
        assertThat(wrongAt(labels, 1).jaccard(wrongAt(labels, 69))).isZero();
        assertThat(wrongAt(labels, 1).jaccard(wrongAt(labels))).isZero();
    }

    @Test
    void twoNetworksWithoutErrorsAreEqual() {
        int[] labels = {0, 1};
        assertThat(wrongAt(labels).jaccard(wrongAt(labels))).isEqualTo(1);
    }

    private static ErrorSet wrongAt(int[] labels, int... examples) {
        int[] predicted = labels.clone();
        IntStream.of(examples).forEach(t -> predicted[t]++);
        return ErrorSet.of(predicted, labels);
    }
}
