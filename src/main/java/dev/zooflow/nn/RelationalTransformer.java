package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightGraph;
import dev.zooflow.nn.ParameterLayout.Init;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The relational transformer over the edges of a weight graph: the cost of a layer grows with the number of weights.
 *
 * <p>Equivariant under permutations of the hidden neurons with {@link HiddenEmbedding#SHARED}; then its parameters do not
 * depend on the hidden widths, and it reads any of them.
 *
 * <p>Legend: B batch, n_l neurons of layer l, d width, D weights, G global coordinates, P = D + G.
 */
public final class RelationalTransformer implements Backbone {

    private final BackboneSpec spec;
    private final LayerLayout trained;
    private final int globals;
    private final List<RtLayer> layers = new ArrayList<>();
    private final ParameterLayout parameters = new ParameterLayout();

    /**
     * Declares the network.
     *
     * @param trained layout it will be trained on
     * @param globals G
     */
    public RelationalTransformer(BackboneSpec spec, LayerLayout trained, int globals) {
        this.spec = spec;
        this.trained = trained;
        this.globals = globals;
        for (int i = 0; i < spec.layers(); i++) {
            layers.add(new RtLayer("layer" + i, spec.width(), spec.heads(), spec.edgeUpdates()));
        }
        declare();
    }

    private void declare() {
        int d = spec.width();
        int features = spec.referenceFeatures() ? 2 : 1;
        Layers.addLinear(parameters, "time-up", TimeEmbedding.SIZE + globals * features, d);
        Layers.addLinear(parameters, "time-down", d, 2 * d);
        List<Integer> widths = trained.architecture().widths();
        for (int l = 0; l < widths.size(); l++) {
            boolean own = l == 0 || l == widths.size() - 1 || spec.hiddenEmbedding() == HiddenEmbedding.PER_NEURON;
            parameters.add("node-embedding" + l, Init.EMBEDDING, own ? widths.get(l) : 1, d);
            if (l > 0) {
                parameters.add("edge-embedding" + l, Init.EMBEDDING, d);
            }
        }
        Layers.addProjection(parameters, "edge-input", features, d);
        Layers.addProjection(parameters, "node-input", features, d);
        layers.forEach(layer -> layer.addParameters(parameters));
        for (String head : List.of("edge-output", "node-output")) {
            parameters.add(head + ".weight", Init.ZEROS, 1, d).add(head + ".bias", Init.ZEROS, 1);
        }
        if (globals > 0) {
            parameters
                    .add("global-output.weight", Init.ZEROS, globals, d)
                    .add("global-output.bias", Init.ZEROS, globals);
        }
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

    @Override
    public ParameterLayout parameters() {
        return parameters;
    }

    @Override
    public NDArray forward(Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t) {
        RtLayer.State state = embed(p, layout, x, reference, t);
        for (RtLayer layer : layers) {
            state = layer.forward(p, state);
        }
        return readOut(p, x.getShape().get(0), state);
    }

    private RtLayer.State embed(Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t) {
        long batch = x.getShape().get(0);
        int d = spec.width();
        NDArray condition = condition(p, layout, x, reference, t);
        NDArray forNodes = condition.get(":, :{}", d).reshape(batch, 1, d);
        NDArray forEdges = condition.get(":, {}:", d).reshape(batch, 1, 1, d);
        WeightGraph graph = WeightGraph.of(layout, x);
        WeightGraph base = reference == null ? null : WeightGraph.of(layout, reference);
        List<NDArray> nodes = new ArrayList<>();
        List<NDArray> edges = new ArrayList<>();
        long inputs = layout.architecture().inputs();
        nodes.add(p.get("node-embedding0").add(forNodes).broadcast(new Shape(batch, inputs, d)));
        for (int l = 1; l <= layout.layers().size(); l++) {
            NDArray node = input(
                    p,
                    "node-input",
                    graph.nodeFeatures().get(l - 1),
                    base == null ? null : base.nodeFeatures().get(l - 1));
            NDArray edge = input(
                    p,
                    "edge-input",
                    graph.edgeFeatures().get(l - 1),
                    base == null ? null : base.edgeFeatures().get(l - 1));
            nodes.add(Layers.gelu(node).add(p.get("node-embedding" + l)).add(forNodes));
            edge.addi(p.get("edge-embedding" + l));
            edge.addi(forEdges);
            edges.add(Layers.gelu(edge));
            edge.close();
        }
        return new RtLayer.State(nodes, edges);
    }

    // Time and global coordinates, [B, 2d]: one half is added to every node, the other to every edge.
    private NDArray condition(Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t) {
        NDList features = new NDList(TimeEmbedding.features(t));
        if (globals > 0) {
            features.add(x.get(":, {}:", layout.size()));
            if (reference != null) {
                features.add(reference
                        .get(":, {}:", layout.size())
                        .broadcast(new Shape(x.getShape().get(0), globals)));
            }
        }
        NDArray up = Layers.gelu(Layers.linear(p, "time-up", NDArrays.concat(features, 1)));
        return Layers.linear(p, "time-down", up);
    }

    // One value per node or edge (and that of the reference) to a state: [B, ...] → [B, ..., d].
    private NDArray input(Parameters p, String name, NDArray value, @Nullable NDArray reference) {
        NDArray weight = p.get(name + ".weight");
        NDArray state = value.expandDims(-1).matMul(weight.get(":, :1").transpose());
        if (reference != null) {
            state.addi(reference.expandDims(-1).matMul(weight.get(":, 1:").transpose()));
        }
        return state;
    }

    private NDArray readOut(Parameters p, long batch, RtLayer.State state) {
        NDList parts = new NDList();
        for (int l = 1; l < state.nodes().size(); l++) {
            parts.add(Layers.linear(p, "edge-output", state.edges().get(l - 1)).reshape(batch, -1));
            parts.add(Layers.linear(p, "node-output", state.nodes().get(l)).reshape(batch, -1));
        }
        if (globals > 0) {
            NDArray outputs = state.nodes().get(state.nodes().size() - 1);
            parts.add(Layers.linear(p, "global-output", outputs.mean(new int[] {1})));
        }
        return NDArrays.concat(parts, 1);
    }
}
