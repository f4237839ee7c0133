package dev.zooflow.experiment;

/**
 * The network of a vector field.
 *
 * @param kind architecture family
 * @param width d_E, width of node and edge states; of tokens; of the flat backbone's hidden layers
 * @param layers number of layers
 * @param heads attention heads of a transformer; divides {@code width}
 * @param edgeUpdates whether edge states of a graph backbone change from layer to layer
 * @param hiddenEmbedding positional embedding of hidden neurons, not of the flat backbone
 * @param referenceFeatures whether the mean of the aligned zoo is a second input feature, and what an end point is
 *     predicted from
 * @param dropout rate of the flat backbone and the neuron transformer, in [0, 1)
 * @param pcaComponents principal components of the zoo in which a flat Euclidean flow lives; 0 for the weights themselves
 */
public record BackboneSpec(
        Kind kind,
        int width,
        int layers,
        int heads,
        boolean edgeUpdates,
        HiddenEmbedding hiddenEmbedding,
        boolean referenceFeatures,
        double dropout,
        int pcaComponents) {

    /** Whether permuting hidden neurons of its input only permutes its output: it can't tell neurons apart. */
    public boolean equivariant() {
        boolean graph = kind == Kind.RELATIONAL_TRANSFORMER || kind == Kind.PNA;
        return graph && hiddenEmbedding == HiddenEmbedding.SHARED && !referenceFeatures;
    }

    /** Whether it can read networks of other hidden widths than those it was trained on. */
    public boolean readsOtherWidths(int hiddenLayers) {
        boolean any = kind != Kind.FLAT && (kind != Kind.NEURON_TRANSFORMER || hiddenLayers == 1);
        return any && hiddenEmbedding == HiddenEmbedding.SHARED;
    }

    /** Families of backbones. */
    public enum Kind {
        RELATIONAL_TRANSFORMER,
        PNA,
        /** A transformer whose tokens are the hidden neurons, each with all its weights. */
        NEURON_TRANSFORMER,
        /** A perceptron over the flat vector of weights. */
        FLAT;

        /** Whether it has attention heads. */
        public boolean attends() {
            return this == RELATIONAL_TRANSFORMER || this == NEURON_TRANSFORMER;
        }

        /** Whether it has dropout. */
        public boolean drops() {
            return this == NEURON_TRANSFORMER || this == FLAT;
        }
    }

    /** Positional embedding of hidden neurons. */
    public enum HiddenEmbedding {
        /** One per hidden layer: equivariant under neuron permutations. */
        SHARED,
        /** One per hidden neuron: for aligned zoos. */
        PER_NEURON
    }
}
