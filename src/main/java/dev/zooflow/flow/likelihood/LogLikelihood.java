package dev.zooflow.flow.likelihood;

import java.util.Arrays;

/**
 * Log densities of points under a flow.
 *
 * @param value natural logarithm of each point's density, with respect to the Riemannian volume
 * @param standardError of each value over the probes; NaN for a single probe
 * @param dimension of the space
 */
public record LogLikelihood(double[] value, double[] standardError, int dimension) {

    /**
     * The mean over estimates.
     *
     * @param estimates [n][K]
     */
    public static LogLikelihood ofEstimates(double[][] estimates, int dimension) {
        double[] value = new double[estimates.length];
        double[] error = new double[estimates.length];
        for (int i = 0; i < estimates.length; i++) {
            double mean = Arrays.stream(estimates[i]).average().orElseThrow();
            double squares = Arrays.stream(estimates[i])
                    .map(e -> (e - mean) * (e - mean))
                    .sum();
            int k = estimates[i].length;
            value[i] = mean;
            error[i] = k == 1 ? Double.NaN : Math.sqrt(squares / (k - 1) / k);
        }
        return new LogLikelihood(value, error, dimension);
    }

    /** −log2 of the density divided by the dimension, for each point; negative where the density is large. */
    public double[] bitsPerDimension() {
        return Arrays.stream(value).map(v -> -v / (dimension * Math.log(2))).toArray();
    }
}
