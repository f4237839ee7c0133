package dev.zooflow.experiment.search;

import java.util.Arrays;

/** Quantiles by linear interpolation between order statistics, NumPy's default. */
final class Quantile {

    private Quantile() {}

    /**
     * The quantile of at least one value.
     *
     * @param q in [0, 1]
     */
    static double of(double[] values, double q) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = q * (sorted.length - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
