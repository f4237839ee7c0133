package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.transport.OtCoupling;
import java.util.Arrays;

/**
 * How source points x0 and target points x1 of a mini-batch become pairs.
 *
 * <p>The permutation-aware couplings permute the hidden neurons of x0, which leaves the function of every x0 what it was.
 * Where the field can tell neurons apart that is done before pairing, by {@link Source#start}, in training and in
 * sampling alike: x0 is matched to the reference that x1 has been aligned to. Matching it to x1 itself would make the
 * distribution of x0 depend on x1, and nothing could be sampled from it: exchangeability of the source does not help,
 * because aligned x1 are not exchangeable. An equivariant field, however, sees (Px0, x1) as (x0, P⁻¹x1), in which x0 is
 * distributed as before; there each x0 is matched to its own x1.
 *
 * <p>The trajectory coupling takes the pairs that training made: the initialisation of every network is a draw from the
 * source, so that its pairs have the right marginals, and what training leaves of it needs no guessing.
 *
 * <p>Legend: B batch, P coordinates.
 *
 * @param space coordinates
 * @param spec of the flow
 */
record Coupling(WeightSpace space, FlowSpec spec) {

    /**
     * Pairs: row i of x0 belongs to row i of x1.
     *
     * @param x0 [B, P]
     * @param x1 [B, P]
     */
    record Pairs(NDArray x0, NDArray x1) {}

    /**
     * Pairs points.
     *
     * @param x0 starts of the flow, [B, P]
     * @param x1 drawn from the data, independently, [B, P]
     */
    Pairs pair(NDArray x0, NDArray x1) {
        return switch (spec.coupling()) {
            case INDEPENDENT, TRAJECTORY -> new Pairs(x0, x1);
            case OPTIMAL_TRANSPORT -> transport(x0, x1);
            case PERMUTATION_AWARE -> matchNeurons(new Pairs(x0, x1));
            case PERMUTATION_AWARE_TRANSPORT -> matchNeurons(transport(x0, x1));
        };
    }

    private Pairs matchNeurons(Pairs pairs) {
        if (!spec.backbone().equivariant()) {
            return pairs;
        }
        return new Pairs(new NeuronMatching(space.layout()).match(pairs.x0(), pairs.x1()), pairs.x1());
    }

    private Pairs transport(NDArray x0, NDArray x1) {
        int[] partner = OtCoupling.pair(space.geometry().path(), x0, x1);
        long[] rows = Arrays.stream(partner).asLongStream().toArray();
        return new Pairs(x0, x1.get(x1.getManager().create(rows)));
    }
}
