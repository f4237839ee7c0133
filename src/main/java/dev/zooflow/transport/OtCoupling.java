package dev.zooflow.transport;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Torch;

/**
 * The mini-batch optimal-transport coupling of source and target points: the pairing of least total squared distance.
 *
 * <p>For uniform weights on as many sources as targets an optimal transport plan is a permutation (Birkhoff), so the
 * exact plan is a linear assignment and nothing is sampled.
 */
public final class OtCoupling {

    private OtCoupling() {}

    /**
     * Pairs by squared geodesic distance.
     *
     * @param x0 [n, D] points of the manifold
     * @param x1 [n, D] points of the manifold
     * @return for each row of x0 the row of x1 it is paired with, [n]
     */
    public static int[] pair(Manifold manifold, NDArray x0, NDArray x1) {
        try (NDManager scratch = x0.getManager().newSubManager()) {
            NDArray from = Torch.borrow(scratch, x0).expandDims(1);
            NDArray to = Torch.borrow(scratch, x1).expandDims(1);
            return pair(manifold.pairwiseSquaredDist(from, to));
        }
    }

    /**
     * Pairs by any cost.
     *
     * @param cost [n, n], cost of pairing row i of x0 with row j of x1
     * @return for each row of x0 the row of x1 it is paired with, [n]
     * @throws IllegalArgumentException if there are more sources than targets or fewer, or a cost is not finite
     */
    public static int[] pair(NDArray cost) {
        int n = Math.toIntExact(cost.getShape().get(0));
        if (cost.getShape().get(1) != n) {
            throw new IllegalArgumentException("%d sources can't be paired with %d targets. Maybe draw as many of both?"
                    .formatted(n, cost.getShape().get(1)));
        }
        return LinearAssignment.minimise(cost.toFloatArray(), n);
    }
}
