package dev.zooflow.nn;

import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.graph.LayerLayout;
import java.util.List;

/**
 * Principal neighbourhood aggregation over the edges of a weight graph (Corso et al., NeurIPS 2020), with edge updates as
 * in the relational transformer: the second backbone of Erdogan (arXiv 2504.03710).
 */
public final class Pna extends AbstractGraphBackbone {

    private final BackboneSpec spec;

    /**
     * Declares the network.
     *
     * @param trained layout it will be trained on, whose degrees scale the messages
     * @param globals global coordinates
     */
    public Pna(BackboneSpec spec, LayerLayout trained, int globals) {
        super(spec, trained, globals, name -> layer(spec, name, meanLogDegree(trained)));
        this.spec = spec;
    }

    private static GraphLayer layer(BackboneSpec spec, String name, double meanLogDegree) {
        PnaAggregation aggregation = new PnaAggregation(name + ".aggregation", spec.width(), meanLogDegree);
        return new GraphLayer(name, spec.width(), spec.edgeUpdates(), aggregation, "aggregation-norm");
    }

    /** δ: the mean of log(degree + 1) over all neurons. */
    static double meanLogDegree(LayerLayout layout) {
        List<Integer> widths = layout.architecture().widths();
        double sum = 0;
        long neurons = 0;
        for (int l = 0; l < widths.size(); l++) {
            int below = l > 0 ? widths.get(l - 1) : 0;
            int above = l < widths.size() - 1 ? widths.get(l + 1) : 0;
            sum += widths.get(l) * Math.log(below + above + 1.0);
            neurons += widths.get(l);
        }
        return sum / neurons;
    }

    @Override
    public long multiplyAdds(LayerLayout layout) {
        long square = (long) spec.width() * spec.width();
        long perEdge = square + (spec.edgeUpdates() ? 2 * square : 0);
        long perNode = 18 * square + (spec.edgeUpdates() ? 2 * square : 0);
        return spec.layers() * (edges(layout) * perEdge + nodes(layout) * perNode);
    }
}
