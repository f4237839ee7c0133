package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.nn.ParameterLayout.Init;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transformer over neurons: every hidden neuron is one token, made of all its weights, and one more token stands for
 * the output biases, the global coordinates and the network as a whole.
 *
 * <p>A graph network carries one state for every weight and has to learn which weights of a neuron belong together. Here
 * one matrix reads the whole row of a neuron, so that a pattern over 784 pixels costs one product, and attention is left to
 * relate neurons with each other. Time modulates every block (adaptive layer norm, Peebles &amp; Xie, ICCV 2023).
 *
 * <p>With one hidden layer and a shared embedding, a permutation of hidden neurons permutes the tokens, and the field is
 * equivariant if it has no reference features; it then reads any hidden width. In deeper networks a token holds weights in
 * the order of another hidden layer's neurons, which has a meaning in an aligned zoo only. A weight between two hidden
 * layers stands in the tokens of both its neurons; its prediction is the sum of both read-outs.
 *
 * <p>Legend: B batch, P coordinates, T tokens, d width, q_l = fan-in + 1 + fan-out values of a neuron of hidden layer l.
 */
public final class NeuronTransformer implements Backbone {

    private final BackboneSpec spec;
    private final LayerLayout trained;
    private final int globals;
    private final TransformerBlocks blocks;
    private final ParameterLayout parameters = new ParameterLayout();

    /**
     * Declares the network.
     *
     * @param trained layout it will be trained on
     * @param globals number of global coordinates
     */
    public NeuronTransformer(BackboneSpec spec, LayerLayout trained, int globals) {
        this.spec = spec;
        this.trained = trained;
        this.globals = globals;
        this.blocks = new TransformerBlocks(spec.width(), spec.heads(), spec.layers());
        int d = spec.width();
        for (Layer layer : trained.hiddenLayers()) {
            int values = values(trained, layer);
            Layers.addLinear(parameters, "token" + layer.index(), values, d);
            if (spec.referenceFeatures()) {
                Layers.addProjection(parameters, "reference" + layer.index(), values, d);
            }
            int embeddings = spec.hiddenEmbedding() == HiddenEmbedding.PER_NEURON ? layer.fanOut() : 1;
            parameters.add("embedding" + layer.index(), Init.EMBEDDING, embeddings, d);
            addReadOut("output" + layer.index(), values);
        }
        Layers.addLinear(parameters, "global", ends(), d);
        addReadOut("output-global", ends());
        blocks.addParameters(parameters);
    }

    // Nothing is predicted at the start: the difference to the reference is zero.
    private void addReadOut(String name, int values) {
        parameters.add(name + ".weight", Init.ZEROS, values, spec.width()).add(name + ".bias", Init.ZEROS, values);
    }

    private int ends() {
        return trained.last().fanOut() + globals;
    }

    private static int values(LayerLayout layout, Layer layer) {
        return layer.fanIn() + 1 + layout.layers().get(layer.index()).fanOut();
    }

    @Override
    public ParameterLayout parameters() {
        return parameters;
    }

    @Override
    public long multiplyAdds(LayerLayout layout) {
        long tokens = 1;
        long ends = 2L * ends() * spec.width();
        for (Layer layer : layout.hiddenLayers()) {
            tokens += layer.fanOut();
            ends += 2L * layer.fanOut() * values(layout, layer) * spec.width();
        }
        return ends + blocks.multiplyAdds(tokens);
    }

    @Override
    public NDArray forward(
            Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t, Dropout dropout) {
        check(layout);
        NeuronTokens tokens = NeuronTokens.of(layout, x);
        NeuronTokens base = reference == null ? null : NeuronTokens.of(layout, reference);
        long batch = x.getShape().get(0);
        NDList states = new NDList();
        for (Layer layer : layout.hiddenLayers()) {
            int l = layer.index();
            NDArray state =
                    Layers.linear(p, "token" + l, tokens.neurons().get(l - 1)).add(p.get("embedding" + l));
            states.add(
                    base == null
                            ? state
                            : state.add(Layers.project(
                                    p, "reference" + l, base.neurons().get(l - 1))));
        }
        states.add(Layers.linear(p, "global", tokens.ends()).expandDims(1));
        NDArray h = blocks.forward(p, NDArrays.concat(states, 1), t, dropout);
        return readOut(p, layout, h).reshape(batch, x.getShape().get(1));
    }

    private NDArray readOut(Parameters p, LayerLayout layout, NDArray h) {
        List<Layer> hidden = layout.hiddenLayers();
        NDList neurons = new NDList();
        int from = 0;
        for (Layer layer : hidden) {
            NDArray own = h.get(":, {}:{}", from, from + layer.fanOut());
            neurons.add(Layers.linear(p, "output" + layer.index(), own));
            from += layer.fanOut();
        }
        NDArray ends = Layers.linear(p, "output-global", h.get(":, " + from));
        return new NeuronTokens(neurons, ends).flat(layout);
    }

    private void check(LayerLayout read) {
        boolean fits = read.architecture().equals(trained.architecture())
                || (spec.hiddenEmbedding() == HiddenEmbedding.SHARED
                        && trained.architecture().depth() == 2
                        && read.architecture().depth() == 2
                        && read.architecture().inputs()
                                == trained.architecture().inputs()
                        && read.architecture().outputs()
                                == trained.architecture().outputs());
        if (!fits) {
            throw new IllegalArgumentException(
                    "architecture (%s) is not %s, which the neuron transformer is made for: it reads other widths of a single hidden layer only, with hidden-embedding = shared. Maybe kind = relational-transformer?"
                            .formatted(read.architecture(), trained.architecture()));
        }
    }
}
