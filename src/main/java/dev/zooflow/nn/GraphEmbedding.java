package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.BackboneSpec.HiddenEmbedding;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightGraph;
import dev.zooflow.nn.ParameterLayout.Init;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * First states of a weight graph: the value of every node and edge (and that of the reference), where it stands in the
 * network, the time and the global coordinates.
 *
 * <p>Legend: B batch, n_l neurons of layer l, d width, D weights, G global coordinates, P = D + G.
 */
final class GraphEmbedding {

    private final BackboneSpec spec;
    private final Architecture trained;
    private final int globals;

    GraphEmbedding(BackboneSpec spec, Architecture trained, int globals) {
        this.spec = spec;
        this.trained = trained;
        this.globals = globals;
    }

    void addParameters(ParameterLayout layout) {
        int d = spec.width();
        int features = spec.referenceFeatures() ? 2 : 1;
        Layers.addLinear(layout, "time-up", TimeEmbedding.SIZE + globals * features, d);
        Layers.addLinear(layout, "time-down", d, 2 * d);
        List<Integer> widths = trained.widths();
        for (int l = 0; l < widths.size(); l++) {
            boolean own = l == 0 || l == widths.size() - 1 || spec.hiddenEmbedding() == HiddenEmbedding.PER_NEURON;
            layout.add("node-embedding" + l, Init.EMBEDDING, own ? widths.get(l) : 1, d);
            if (l > 0) {
                layout.add("edge-embedding" + l, Init.EMBEDDING, d);
            }
        }
        Layers.addProjection(layout, "edge-input", features, d);
        Layers.addProjection(layout, "node-input", features, d);
    }

    /**
     * The states of networks.
     *
     * @param x [B, P]
     * @param reference [1, P]
     * @param t [B, 1]
     * @throws IllegalArgumentException for a layout that has no embeddings here
     */
    GraphState embed(Parameters p, LayerLayout layout, NDArray x, @Nullable NDArray reference, NDArray t) {
        check(layout.architecture());
        long batch = x.getShape().get(0);
        int d = spec.width();
        NDArray condition = condition(p, layout, x, reference, t);
        NDArray forNodes = condition.get(":, :{}", d).reshape(batch, 1, d);
        NDArray forEdges = condition.get(":, {}:", d).reshape(batch, 1, 1, d);
        WeightGraph graph = WeightGraph.of(layout, x);
        WeightGraph base = reference == null ? null : WeightGraph.of(layout, reference);
        NDList nodes = new NDList();
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
        return new GraphState(NDArrays.concat(nodes, 1), edges);
    }

    private void check(Architecture read) {
        boolean sameEnds = read.depth() == trained.depth()
                && read.inputs() == trained.inputs()
                && read.outputs() == trained.outputs();
        if (!sameEnds) {
            throw new IllegalArgumentException(
                    "architecture (%s) has other inputs, outputs or depth than %s, which the backbone is made for. Maybe change hidden widths only?"
                            .formatted(read, trained));
        }
        if (spec.hiddenEmbedding() == HiddenEmbedding.PER_NEURON
                && !read.hidden().equals(trained.hidden())) {
            throw new IllegalArgumentException(
                    "architecture (%s) has other hidden neurons than %s, of which each has its own embedding. Maybe hidden-embedding = shared?"
                            .formatted(read, trained));
        }
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
    private static NDArray input(Parameters p, String name, NDArray value, @Nullable NDArray reference) {
        NDArray weight = p.get(name + ".weight");
        NDArray state = value.expandDims(-1).matMul(weight.get(":, :1").transpose());
        if (reference != null) {
            state.addi(reference.expandDims(-1).matMul(weight.get(":, 1:").transpose()));
        }
        return state;
    }
}
