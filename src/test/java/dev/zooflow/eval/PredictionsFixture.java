package dev.zooflow.eval;

import java.util.stream.IntStream;

/** Predictions with given probabilities. */
final class PredictionsFixture {

    private PredictionsFixture() {}

    static Predictions of(int classes, int[] labels, float... probability) {
        int size = labels.length * classes;
        return new Predictions(
                labels,
                classes,
                probability,
                IntStream.range(0, probability.length / size)
                        .mapToObj(i -> Outcome.of(probability, i * size, classes, labels, 0))
                        .toList());
    }
}
