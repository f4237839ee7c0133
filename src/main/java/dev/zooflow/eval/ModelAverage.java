package dev.zooflow.eval;

import java.util.Map;
import java.util.stream.IntStream;

/**
 * Bayesian model averaging: the mean predicted probability of the first k networks of a group, for k = 1, 2, 4, …
 *
 * @param members k
 * @param accuracy of the average
 * @param nll negative log-likelihood of the average, in nats
 * @param ece expected calibration error of the average
 */
record ModelAverage(double[] members, double[] accuracy, double[] nll, double[] ece) {

    private static final int LARGEST = 32;

    static ModelAverage of(Predictions p, int bins) {
        int[] sizes = IntStream.iterate(1, k -> 2 * k)
                .takeWhile(k -> k <= Math.min(LARGEST, p.networks()))
                .toArray();
        ModelAverage out = new ModelAverage(
                new double[sizes.length], new double[sizes.length], new double[sizes.length], new double[sizes.length]);
        for (int i = 0; i < sizes.length; i++) {
            Predictions average = p.average(sizes[i]);
            out.members[i] = sizes[i];
            out.accuracy[i] = average.accuracy(0);
            out.nll[i] = average.loss(0);
            out.ece[i] = Calibration.expectedError(average, 0, bins);
        }
        return out;
    }

    void addTo(Map<String, Double> values, Map<String, double[]> series) {
        for (int i = 0; i < members.length; i++) {
            int k = (int) members[i];
            values.put("bma_accuracy_" + k, accuracy[i]);
            values.put("bma_nll_" + k, nll[i]);
            values.put("bma_ece_" + k, ece[i]);
        }
        series.put("bma_members", members);
        series.put("bma_accuracy", accuracy);
        series.put("bma_nll", nll);
        series.put("bma_ece", ece);
    }
}
