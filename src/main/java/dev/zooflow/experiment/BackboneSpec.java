package dev.zooflow.experiment;

/**
 * The network of a vector field.
 *
 * @param kind architecture family
 * @param width d_E, width of node and edge states
 * @param layers number of layers
 * @param heads attention heads; divides {@code width}
 * @param edgeUpdates whether edge states change from layer to layer
 * @param hiddenEmbedding positional embedding of hidden neurons
 * @param referenceFeatures whether the mean of the aligned zoo is a second input feature
 */
public record BackboneSpec(
        Kind kind,
        int width,
        int layers,
        int heads,
        boolean edgeUpdates,
        HiddenEmbedding hiddenEmbedding,
        boolean referenceFeatures) {

    /** Whether permuting hidden neurons of its input only permutes its output: it can't tell neurons apart. */
    public boolean equivariant() {
        return hiddenEmbedding == HiddenEmbedding.SHARED && !referenceFeatures;
    }

    /** The same with another size. */
    public BackboneSpec withSize(int otherWidth, int otherLayers) {
        return new BackboneSpec(kind, otherWidth, otherLayers, heads, edgeUpdates, hiddenEmbedding, referenceFeatures);
    }

    /** Families of backbones. */
    public enum Kind {
        RELATIONAL_TRANSFORMER
    }

    /** Positional embedding of hidden neurons. */
    public enum HiddenEmbedding {
        /** One per hidden layer: equivariant under neuron permutations. */
        SHARED,
        /** One per hidden neuron: for aligned zoos. */
        PER_NEURON
    }
}
