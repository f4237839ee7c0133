package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.graph.LayerLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backbone over the edges of a weight graph, whatever its neurons do with their messages: embedding, layers, read-out.
 * The cost of a layer grows with the number of weights.
 *
 * <p>Equivariant under permutations of the hidden neurons with {@link HiddenEmbedding#SHARED}; then its parameters do not
 * depend on the hidden widths, and it reads any of them.
 *
 * <p>Legend: B batch, n_l neurons of layer l, d width, D weights, G global coordinates, P = D + G.
 */
abstract sealed class AbstractGraphBackbone implements Backbone permits RelationalTransformer, Pna {

    private final GraphEmbedding embedding;
    private final List<GraphLayer> layers = new ArrayList<>();
    private final GraphReadOut readOut;
    private final ParameterLayout parameters = new ParameterLayout();

    /** Makes layer i, whose parameters' names begin with {@code name}. */
    @FunctionalInterface
    interface LayerFactory {
        GraphLayer create(String name);
    }

    /**
     * Declares the network.
     *
     * @param trained layout it will be trained on
     * @param globals G
     */
    AbstractGraphBackbone(BackboneSpec spec, LayerLayout trained, int globals, LayerFactory factory) {
        this.embedding = new GraphEmbedding(spec, trained.architecture(), globals);
        this.readOut = new GraphReadOut(spec.width(), globals);
        embedding.addParameters(parameters);
        for (int i = 0; i < spec.layers(); i++) {
            GraphLayer layer = factory.create("layer" + i);
            layer.addParameters(parameters);
            layers.add(layer);
        }
        readOut.addParameters(parameters);
    }

    @Override
    public final ParameterLayout parameters() {
        return parameters;
    }

    @Override
    public final NDArray forward(
            Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t, Dropout dropout) {
        GraphState state = embedding.embed(p, layout, x, reference, t);
        for (GraphLayer layer : layers) {
            state = layer.forward(p, state);
        }
        return readOut.read(p, state);
    }

    static long edges(LayerLayout layout) {
        return layout.layers().stream().mapToLong(LayerLayout.Layer::weights).sum();
    }

    static long nodes(LayerLayout layout) {
        return layout.architecture().widths().stream().mapToLong(w -> w).sum();
    }
}
