package dev.zooflow.nn;

import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.graph.LayerLayout;

/**
 * The relational transformer over the edges of a weight graph (Diao &amp; Loynd, ICLR 2023; Kofinas et al., ICLR 2024):
 * every neuron attends over its edges, and edges are updated from the neurons they join.
 */
public final class RelationalTransformer extends AbstractGraphBackbone {

    private final BackboneSpec spec;

    /**
     * Declares the network.
     *
     * @param trained layout it will be trained on
     * @param globals global coordinates
     */
    public RelationalTransformer(BackboneSpec spec, LayerLayout trained, int globals) {
        super(spec, trained, globals, name -> layer(spec, name));
        this.spec = spec;
    }

    private static GraphLayer layer(BackboneSpec spec, String name) {
        RtAttention attention = new RtAttention(name + ".attention", spec.width(), spec.heads());
        return new GraphLayer(name, spec.width(), spec.edgeUpdates(), attention, "attention-norm");
    }

    @Override
    public long multiplyAdds(LayerLayout layout) {
        long d = spec.width();
        long perEdge = 4 * d * spec.heads() + (spec.edgeUpdates() ? 2 * d * d : 0);
        long perNode = (8 + 4L * spec.heads()) * d * d + (spec.edgeUpdates() ? 2 * d * d : 0);
        return spec.layers() * (edges(layout) * perEdge + nodes(layout) * perNode);
    }
}
