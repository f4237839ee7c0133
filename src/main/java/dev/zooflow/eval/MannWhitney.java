package dev.zooflow.eval;

/** The standardised Mann–Whitney statistic Z_U of two samples (Meehan et al., AISTATS 2020, for copying). */
final class MannWhitney {

    private MannWhitney() {}

    /**
     * (U − mn/2) / √(mn(m+n+1)/12), where U counts the pairs in which the first sample's value is larger, ties half.
     * Strongly negative: the first sample is smaller.
     */
    static double z(double[] first, double[] second) {
        double u = 0;
        for (double a : first) {
            for (double b : second) {
                u += a > b ? 1 : a == b ? 0.5 : 0;
            }
        }
        double mn = (double) first.length * second.length;
        return (u - mn / 2) / Math.sqrt(mn * (first.length + second.length + 1) / 12);
    }
}
