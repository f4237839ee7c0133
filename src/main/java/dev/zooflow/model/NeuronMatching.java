package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.rebasin.WeightMatching;
import dev.zooflow.tensor.Seed;

/**
 * Permutes the hidden neurons of points so that they come near to targets: weight matching in the flow's coordinates, by
 * squared distance in the ambient space. A function of its arguments alone.
 *
 * <p>Legend: B points, P coordinates, of which the first D belong to weights.
 */
record NeuronMatching(LayerLayout layout) {

    private static final WeightMatching MATCHING = new WeightMatching(2);
    private static final Seed LAYER_ORDER = new Seed(1);

    /**
     * The points with their neurons permuted; none is farther from its target than it was.
     *
     * @param x [B, P]
     * @param target [1, P], or [B, P] with one for each point
     * @return [B, P]
     */
    NDArray match(NDArray x, NDArray target) {
        if (layout.hiddenLayers().isEmpty()) {
            return x;
        }
        NDArray own = weights(x);
        NDArray aim = weights(target);
        NDArray matched = MATCHING.align(layout, aim, own, LAYER_ORDER).apply(layout, own);
        NDArray nearer = distance(matched, aim).lte(distance(own, aim));
        NDArray weights = NDArrays.where(nearer.broadcast(own.getShape()), matched, own);
        boolean globals = x.getShape().get(1) > layout.size();
        return globals ? NDArrays.concat(new NDList(weights, x.get(":, {}:", layout.size())), 1) : weights;
    }

    private NDArray weights(NDArray x) {
        return x.get(":, 0:{}", layout.size());
    }

    private static NDArray distance(NDArray x, NDArray y) {
        return x.sub(y).square().sum(new int[] {1}, true);
    }
}
