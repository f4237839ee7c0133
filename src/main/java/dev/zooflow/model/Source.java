package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec.CouplingKind;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

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
}
