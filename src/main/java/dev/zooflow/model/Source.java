package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec.CouplingKind;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * The flow's source p0: freshly initialised networks, N(0, σ² I) on the raw weights, in the flow's coordinates.
 *
 * @param space coordinates
 * @param std σ
 */
record Source(WeightSpace space, double std) {

    /** n points, [n, P], for which neuron order means nothing. */
    NDArray sample(NDManager manager, int n, Seed seed) {
        int d = space.layout().size();
        NDArray theta =
                Torch.array(manager, seed.gaussian(n * d), new Shape(n, d)).muli(std);
        return space.encode(theta);
    }

    /**
     * n points from which a flow starts, [n, P]: where the coupling is permutation-aware their neurons are matched to the
     * reference, as in training.
     *
     * @param reference [1, P]
     */
    NDArray start(NDManager manager, int n, CouplingKind coupling, NDArray reference, Seed seed) {
        NDArray x0 = sample(manager, n, seed);
        return coupling.permutationAware() ? new NeuronMatching(space.layout()).match(x0, reference) : x0;
    }

    /**
     * The logarithm of its density at points [n, P], with respect to the volume of the manifold of the paths: exact on raw
     * weights and their principal components, by {@link CanonicalSourceDensity} on canonical ones.
     *
     * <p>It is that of networks whose neurons come in any order. Where a coupling is permutation-aware, {@link #start} sorts
     * them, and the density of what it returns is ∏ n_l! times this one on the sorted networks and 0 on others (n_l: neurons of
     * hidden layer l). The constant is left out, so that log likelihoods of such flows are too small by Σ log n_l!.
     *
     * @throws IllegalArgumentException for a Normalized flow, whose source fills no volume of the space of its paths
     */
    double[] logDensity(NDArray x) {
        if (!space.hasDensity()) {
            throw new IllegalArgumentException(
                    "geometry (normalized) has no density: its source lies on spheres, which its paths leave. Maybe geometric?");
        }
        ToDoubleFunction<float[]> density = space.canonical()
                .<ToDoubleFunction<float[]>>map(form -> new CanonicalSourceDensity(form, std)::log)
                .orElseGet(() -> gaussian(mean(x.getManager())));
        float[] values = x.toFloatArray();
        int size = space.size();
        double[] out = new double[values.length / size];
        for (int i = 0; i < out.length; i++) {
            out[i] = density.applyAsDouble(Arrays.copyOfRange(values, i * size, (i + 1) * size));
        }
        return out;
    }

    // Principal components have their origin at the mean of the zoo, not at that of the source, which is θ = 0.
    private float[] mean(NDManager manager) {
        return space.encode(manager.zeros(new Shape(1, space.layout().size()))).toFloatArray();
    }

    private ToDoubleFunction<float[]> gaussian(float[] mean) {
        return x -> gaussian(x, mean);
    }

    private double gaussian(float[] x, float[] mean) {
        double squares = 0;
        for (int k = 0; k < x.length; k++) {
            double v = (double) x[k] - mean[k];
            squares += v * v;
        }
        return -squares / (2 * std * std) - x.length * Math.log(2 * Math.PI * std * std) / 2;
    }
}
