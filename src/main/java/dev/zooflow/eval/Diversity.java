package dev.zooflow.eval;

import dev.zooflow.tensor.Seed;
import java.util.random.RandomGenerator;

/** How differently networks of a group predict. */
final class Diversity {

    private static final int PAIRS = 256;

    private Diversity() {}

    /**
     * Mean Jensen–Shannon divergence, in nats, between the output distributions of two networks, over examples and pairs:
     * all pairs, or {@value #PAIRS} drawn from the seed where there are more.
     */
    static double jensenShannon(Predictions p, Seed seed) {
        int n = p.networks();
        double sum = 0;
        int count = 0;
        if (n * (n - 1) / 2 <= PAIRS) {
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    sum += divergence(p, i, j);
                    count++;
                }
            }
            return sum / count;
        }
        RandomGenerator random = seed.generator();
        for (; count < PAIRS; count++) {
            int i = random.nextInt(n);
            int j = (i + 1 + random.nextInt(n - 1)) % n;
            sum += divergence(p, i, j);
        }
        return sum / count;
    }

    static double divergence(Predictions p, int i, int j) {
        double sum = 0;
        for (int t = 0; t < p.examples(); t++) {
            for (int c = 0; c < p.classes(); c++) {
                double a = p.at(i, t, c);
                double b = p.at(j, t, c);
                double m = (a + b) / 2;
                sum += (a > 0 ? a * Math.log(a / m) : 0) / 2 + (b > 0 ? b * Math.log(b / m) : 0) / 2;
            }
        }
        return sum / p.examples();
    }
}
