package dev.zooflow.nn;

import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.graph.LayerLayout;

/**
 * The relational transformer over the edges of a weight graph (Diao &amp; Loynd, ICLR 2023; Kofinas et al., ICLR 2024):
 * every neuron attends over its edges, and edges are updated from the neurons they join.
 */
public final class RelationalTransformer extends AbstractGraphBackbone {

    /**
     * Declares the network.
     *
     * @param trained layout it will be trained on
     * @param globals global coordinates
     */
    public RelationalTransformer(BackboneSpec spec, LayerLayout trained, int globals) {
        super(spec, trained, globals, name -> layer(spec, name));
    }

    private static GraphLayer layer(BackboneSpec spec, String name) {
        RtAttention attention = new RtAttention(name + ".attention", spec.width(), spec.heads());
        return new GraphLayer(name, spec.width(), spec.edgeUpdates(), attention, "attention-norm");
    }

    /** Estimated multiply-adds of a forward pass over one network, dominated by the edge updates. */
    public static long multiplyAdds(BackboneSpec spec, LayerLayout layout) {
        long d = spec.width();
        long edges =
                layout.layers().stream().mapToLong(LayerLayout.Layer::weights).sum();
        long nodes = layout.architecture().widths().stream().mapToLong(w -> w).sum();
        long perEdge = 4 * d * spec.heads() + (spec.edgeUpdates() ? 2 * d * d : 0);
        long perNode = (8 + 4L * spec.heads()) * d * d + (spec.edgeUpdates() ? 2 * d * d : 0);
        return spec.layers() * (edges * perEdge + nodes * perNode);
    }
}
