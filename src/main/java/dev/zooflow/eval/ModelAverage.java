package dev.zooflow.eval;

import java.util.Map;
import java.util.stream.IntStream;

/**
 * Bayesian model averaging: how well the mean predicted probability of k networks does, for k = 1, 2, 4, …, 64.
 *
 * <p>Every figure is the mean over all disjoint runs of k networks of the group, in its order: networks 0 … k−1, k … 2k−1
 * and so on. With k = 1 these are the single networks.
 *
 * @param members k
 * @param accuracy of the averages
 * @param nll negative log-likelihood of the averages, in nats
 * @param ece expected calibration error of the averages
 */
record ModelAverage(double[] members, double[] accuracy, double[] nll, double[] ece) {

    private static final int LARGEST = 64;

    // Keeps the likelihood of a probability that underflowed finite.
    private static final double SMALLEST = Float.MIN_NORMAL;

    private record Figures(double accuracy, double nll, double ece) {

        Figures plus(Figures other) {
            return new Figures(accuracy + other.accuracy, nll + other.nll, ece + other.ece);
        }
    }

    /**
     * Averages over every k that the group is large enough for.
     *
     * @param bins of the calibration error
     */
    static ModelAverage of(Predictions p, int bins) {
        int[] sizes = IntStream.iterate(1, k -> 2 * k)
                .takeWhile(k -> k <= Math.min(LARGEST, p.networks()))
                .toArray();
        ModelAverage out = new ModelAverage(
                new double[sizes.length], new double[sizes.length], new double[sizes.length], new double[sizes.length]);
        for (int i = 0; i < sizes.length; i++) {
            int k = sizes[i];
            int runs = p.networks() / k;
            Figures sum = IntStream.range(0, runs)
                    .parallel()
                    .mapToObj(r -> figures(mean(p, r * k, k), p, bins))
                    .reduce(new Figures(0, 0, 0), Figures::plus);
            out.members[i] = k;
            out.accuracy[i] = sum.accuracy() / runs;
            out.nll[i] = sum.nll() / runs;
            out.ece[i] = sum.ece() / runs;
        }
        return out;
    }

    private static float[] mean(Predictions p, int from, int k) {
        int size = p.examples() * p.classes();
        float[] mean = new float[size];
        for (int i = from; i < from + k; i++) {
            for (int at = 0; at < size; at++) {
                mean[at] += p.probability()[i * size + at] / k;
            }
        }
        return mean;
    }

    private static Figures figures(float[] mean, Predictions p, int bins) {
        int[] labels = p.labels();
        double nll = 0;
        for (int t = 0; t < labels.length; t++) {
            nll -= Math.log(Math.max(SMALLEST, mean[t * p.classes() + labels[t]]));
        }
        nll /= labels.length;
        Outcome outcome = Outcome.of(mean, 0, p.classes(), labels, nll);
        return new Figures(outcome.accuracy(), nll, Calibration.expectedError(mean, outcome, labels, bins));
    }

    /** Adds {@code bma_accuracy_k}, {@code bma_nll_k} and {@code bma_ece_k}, and the curves over k. */
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
