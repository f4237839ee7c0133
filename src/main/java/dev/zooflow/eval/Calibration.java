package dev.zooflow.eval;

/** Expected calibration error (Guo et al., ICML 2017): equal-width bins of the largest probability. */
final class Calibration {

    private Calibration() {}

    /**
     * Σ_bins (share of examples) · |accuracy − mean confidence|.
     *
     * @param probability [t, C]
     * @param outcome of the same predictions
     * @param labels [t]
     * @param bins at least 1; bin b holds confidences in [b, b+1) / bins, the last one also 1
     */
    static double expectedError(float[] probability, Outcome outcome, int[] labels, int bins) {
        int classes = probability.length / labels.length;
        double[] confidence = new double[bins];
        int[] correct = new int[bins];
        for (int t = 0; t < labels.length; t++) {
            int predicted = outcome.predicted()[t];
            double largest = probability[t * classes + predicted];
            int bin = Math.min(bins - 1, (int) (largest * bins));
            confidence[bin] += largest;
            correct[bin] += predicted == labels[t] ? 1 : 0;
        }
        double sum = 0;
        for (int b = 0; b < bins; b++) {
            sum += Math.abs(correct[b] - confidence[b]);
        }
        return sum / labels.length;
    }
}
