package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import dev.zooflow.experiment.BackboneSpec;
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

    /** Estimated multiply-adds of a forward pass over one network of a layout. */
    long multiplyAdds(LayerLayout layout);

    /**
     * The backbone that a specification asks for.
     *
     * @param trained layout it will be trained on
     * @param coordinates P
     */
    static Backbone of(BackboneSpec spec, LayerLayout trained, int coordinates) {
        int globals = coordinates - trained.size();
        return switch (spec.kind()) {
            case RELATIONAL_TRANSFORMER -> new RelationalTransformer(spec, trained, globals);
            case PNA -> new Pna(spec, trained, globals);
            case NEURON_TRANSFORMER -> new NeuronTransformer(spec, trained, globals);
            case FLAT -> new FlatMlp(spec, trained, coordinates);
        };
    }

    /**
     * Predicts.
     *
     * @param p values for {@link #parameters()}
     * @param layout of the networks read
     * @param x [B, P]
     * @param reference [1, P], the point every coordinate is compared with, scaled alike; null if it was built without
     *     reference features
     * @param t [B, 1]
     * @param dropout silences hidden units where the backbone has dropout
     * @return [B, P]
     * @throws IllegalArgumentException for a layout it can't read
     */
    NDArray forward(
            Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t, Dropout dropout);

    /** Predicts without dropout. */
    default NDArray forward(Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t) {
        return forward(p, layout, x, reference, t, Dropout.NONE);
    }
}
