package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import dev.zooflow.graph.LayerLayout;
import org.jspecify.annotations.Nullable;

/**
 * A network that reads points of weight space, scaled to order one, and a time, and predicts one value per coordinate.
 *
 * <p>Legend: B batch, P coordinates: the D weights of a layout, then any number G of global coordinates such as the
 * temperature.
 */
public interface Backbone {

    /** The parameters it needs. */
    ParameterLayout parameters();

    /**
     * Predicts.
     *
     * @param p values for {@link #parameters()}
     * @param layout of the networks read
     * @param x [B, P]
     * @param reference [1, P], the point every coordinate is compared with, scaled alike; null if it was built without
     *     reference features
     * @param t [B, 1]
     * @return [B, P]
     */
    NDArray forward(Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t);
}
