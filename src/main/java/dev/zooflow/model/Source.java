package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec.CouplingKind;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.Arrays;

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
     * weights, by {@link CanonicalSourceDensity} on canonical ones.
     *
     * @throws IllegalArgumentException for a Normalized flow, whose source fills no volume of the space of its paths
     */
    double[] logDensity(NDArray x) {
        if (!space.hasDensity()) {
            throw new IllegalArgumentException(
                    "geometry (normalized) has no density: its source lies on spheres, which its paths leave. Maybe geometric?");
        }
        float[] values = x.toFloatArray();
        int size = space.size();
        double[] out = new double[values.length / size];
        for (int i = 0; i < out.length; i++) {
            float[] point = Arrays.copyOfRange(values, i * size, (i + 1) * size);
            out[i] = space.canonical()
                    .map(form -> new CanonicalSourceDensity(form, std).log(point))
                    .orElseGet(() -> gaussian(point));
        }
        return out;
    }

    private double gaussian(float[] x) {
        double squares = 0;
        for (float v : x) {
            squares += (double) v * v;
        }
        return -squares / (2 * std * std) - x.length * Math.log(2 * Math.PI * std * std) / 2;
    }
}
