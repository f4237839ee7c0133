package dev.zooflow.eval;

/** Expected calibration error (Guo et al., ICML 2017): equal-width bins of the largest probability. */
final class Calibration {

    private Calibration() {}

    /** Σ_bins (share of examples) · |accuracy − mean confidence| for one network. */
    static double expectedError(Predictions p, int network, int bins) {
        double[] confidence = new double[bins];
        double[] correct = new double[bins];
        for (int t = 0; t < p.examples(); t++) {
            int predicted = p.predicted(network, t);
            double largest = p.at(network, t, predicted);
            int bin = Math.min(bins - 1, (int) (largest * bins));
            confidence[bin] += largest;
            correct[bin] += predicted == p.labels()[t] ? 1 : 0;
        }
        double sum = 0;
        for (int b = 0; b < bins; b++) {
            sum += Math.abs(correct[b] - confidence[b]);
        }
        return sum / p.examples();
    }
}
