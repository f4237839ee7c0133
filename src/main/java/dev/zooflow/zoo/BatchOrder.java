package dev.zooflow.zoo;

import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The order in which each of N networks sees the training examples: a fresh shuffle of its own for every epoch, from the
 * network's seed alone.
 */
final class BatchOrder {

    private final Seed[] seeds;
    private final int batchSize;
    private final int[][] order;

    /** An order before the first epoch, over examples 0 … {@code examples}-1. */
    BatchOrder(Seed[] seeds, int examples, int batchSize) {
        this.seeds = seeds;
        this.batchSize = batchSize;
        this.order = new int[seeds.length][];
        for (int i = 0; i < seeds.length; i++) {
            order[i] = IntStream.range(0, examples).toArray();
        }
    }

    /** Shuffles for an epoch; epochs must come in ascending order, each once. */
    void startEpoch(int epoch) {
        IntStream.range(0, order.length)
                .parallel()
                .forEach(i -> shuffle(order[i], seeds[i].child(epoch).generator()));
    }

    /**
     * The examples of mini-batch {@code batch} of the current epoch, [N · B] network by network. The last batch of an
     * epoch holds what is left.
     */
    long[] rows(int batch) {
        int from = batch * batchSize;
        int size = Math.min(batchSize, order[0].length - from);
        long[] rows = new long[order.length * size];
        for (int i = 0; i < order.length; i++) {
            for (int k = 0; k < size; k++) {
                rows[i * size + k] = order[i][from + k];
            }
        }
        return rows;
    }

    // Fisher and Yates, going on from the previous epoch's order.
    private static void shuffle(int[] values, RandomGenerator random) {
        for (int k = values.length - 1; k > 0; k--) {
            int other = random.nextInt(k + 1);
            int value = values[k];
            values[k] = values[other];
            values[other] = value;
        }
    }
}
