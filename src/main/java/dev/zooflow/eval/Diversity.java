package dev.zooflow.eval;

import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** How differently the networks of a group predict. */
final class Diversity {

    /** All pairs of 32 networks. */
    static final int PAIRS = 496;

    private Diversity() {}

    /**
     * Mean Jensen–Shannon divergence, in nats, between the output distributions of two networks, over examples and pairs:
     * all pairs, or {@value #PAIRS} drawn from the seed where there are more. In [0, log 2].
     *
     * @param p of at least two networks
     */
    static double jensenShannon(Predictions p, Seed seed) {
        int[][] pairs = pairs(p.networks(), seed);
        return IntStream.range(0, pairs.length)
                .parallel()
                .mapToDouble(k -> divergence(p, pairs[k][0], pairs[k][1]))
                .average()
                .orElseThrow(() -> new IllegalArgumentException("networks (%d) form no pair".formatted(p.networks())));
    }

    private static int[][] pairs(int n, Seed seed) {
        if ((long) n * (n - 1) / 2 <= PAIRS) {
            return IntStream.range(0, n)
                    .boxed()
                    .flatMap(i -> IntStream.range(0, i).mapToObj(j -> new int[] {i, j}))
                    .toArray(int[][]::new);
        }
        RandomGenerator random = seed.generator();
        int[][] pairs = new int[PAIRS][];
        for (int k = 0; k < PAIRS; k++) {
            int i = random.nextInt(n);
            pairs[k] = new int[] {i, (i + 1 + random.nextInt(n - 1)) % n};
        }
        return pairs;
    }

    /** Mean over examples of H((a + b) / 2) − (H(a) + H(b)) / 2, H the Shannon entropy in nats. */
    static double divergence(Predictions p, int i, int j) {
        double sum = 0;
        for (int t = 0; t < p.examples(); t++) {
            for (int c = 0; c < p.classes(); c++) {
                double a = p.at(i, t, c);
                double b = p.at(j, t, c);
                double m = (a + b) / 2;
                sum += (a > 0 ? a * Math.log(a / m) : 0) + (b > 0 ? b * Math.log(b / m) : 0);
            }
        }
        return sum / 2 / p.examples();
    }
}
