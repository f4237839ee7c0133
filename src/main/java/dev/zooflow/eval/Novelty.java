package dev.zooflow.eval;

import java.util.List;
import java.util.Map;

/**
 * How far networks are from the training networks, in weights and in errors (Zeng et al., arXiv 2506.07998), measured
 * against held-out networks.
 *
 * @param heldOutDistance nearest-neighbour distances of held-out networks
 * @param accuracyFloor 5th percentile of the held-out networks' accuracy
 * @param trainingErrors misclassified test examples of each training network
 * @param trajectory of each training network
 */
record Novelty(double[] heldOutDistance, double accuracyFloor, List<ErrorSet> trainingErrors, int[] trajectory) {

    private static final double COPY = 1 / 3.0;

    /** Adds the metrics of a group to its values and series. */
    void addTo(Map<String, Double> values, Map<String, double[]> series, double[] distance, double[] accuracy) {
        double median = Statistics.median(heldOutDistance);
        int n = distance.length;
        double[] ratio = new double[n];
        int copies = 0;
        for (int i = 0; i < n; i++) {
            ratio[i] = distance[i] / median;
            copies += ratio[i] < COPY ? 1 : 0;
        }
        series.put("nn_ratio", ratio);
        values.put("nn_ratio_mean", Statistics.mean(ratio));
        values.put("z_u", MannWhitney.z(distance, heldOutDistance));
        values.put("copy_rate", (double) copies / n);
        values.put("novel_performant_050", novelPerformant(ratio, accuracy, 0.5));
        values.put("novel_performant_075", novelPerformant(ratio, accuracy, 0.75));
        values.put("novel_performant_100", novelPerformant(ratio, accuracy, 1));
    }

    /** Share of networks at least as accurate as the floor and at least {@code c} times as far as held-out ones. */
    double novelPerformant(double[] ratio, double[] accuracy, double c) {
        int hits = 0;
        for (int i = 0; i < ratio.length; i++) {
            hits += accuracy[i] >= accuracyFloor && ratio[i] >= c ? 1 : 0;
        }
        return (double) hits / ratio.length;
    }

    /** Largest Jaccard similarity of a network's errors to those of a training network of any other trajectory. */
    double errorSimilarity(ErrorSet errors, int excluded) {
        double largest = 0;
        for (int k = 0; k < trajectory.length; k++) {
            if (trajectory[k] != excluded) {
                largest = Math.max(largest, errors.jaccard(trainingErrors.get(k)));
            }
        }
        return largest;
    }
}
