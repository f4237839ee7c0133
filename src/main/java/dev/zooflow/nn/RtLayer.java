package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer of the relational transformer: neurons attend over their edges, then every edge is updated from itself and
 * the two neurons it joins (Diao &amp; Loynd, ICLR 2023; Kofinas et al., ICLR 2024).
 *
 * <p>Legend: B batch, n_l neurons of layer l, d width.
 */
final class RtLayer {

    /**
     * States between two layers.
     *
     * @param nodes of layers 0 … L, each [B, n_l, d]
     * @param edges of layers 1 … L, each [B, n_l, n_{l-1}, d]
     */
    record State(List<NDArray> nodes, List<NDArray> edges) {}

    private final String name;
    private final int width;
    private final boolean edgeUpdates;
    private final RtAttention attention;

    RtLayer(String name, int width, int heads, boolean edgeUpdates) {
        this.name = name;
        this.width = width;
        this.edgeUpdates = edgeUpdates;
        this.attention = new RtAttention(name + ".attention", width, heads);
    }

    void addParameters(ParameterLayout layout) {
        attention.addParameters(layout);
        Layers.addLayerNorm(layout, name + ".attention-norm", width);
        Layers.addLinear(layout, name + ".node-up", width, 2 * width);
        Layers.addLinear(layout, name + ".node-down", 2 * width, width);
        Layers.addLayerNorm(layout, name + ".node-norm", width);
        if (edgeUpdates) {
            Layers.addLinear(layout, name + ".edge-self", width, width);
            Layers.addProjection(layout, name + ".edge-source", width, width);
            Layers.addProjection(layout, name + ".edge-target", width, width);
            Layers.addLinear(layout, name + ".edge-down", width, width);
            Layers.addLayerNorm(layout, name + ".edge-norm", width);
        }
    }

    State forward(Parameters p, State in) {
        List<NDArray> reversed = in.edges().stream().map(this::reverse).toList();
        List<NDArray> nodes = new ArrayList<>();
        for (int l = 0; l < in.nodes().size(); l++) {
            NDArray received = attention.receive(p, l, in.nodes(), in.edges(), reversed);
            NDArray attended = Layers.layerNorm(
                    p, name + ".attention-norm", received.add(in.nodes().get(l)));
            NDArray up = Layers.gelu(Layers.linear(p, name + ".node-up", attended));
            NDArray down = Layers.linear(p, name + ".node-down", up);
            nodes.add(Layers.layerNorm(p, name + ".node-norm", down.add(attended)));
        }
        if (!edgeUpdates) {
            return new State(nodes, in.edges());
        }
        List<NDArray> edges = new ArrayList<>();
        for (int l = 0; l < in.edges().size(); l++) {
            edges.add(updateEdge(p, in.edges().get(l), nodes.get(l), nodes.get(l + 1)));
        }
        return new State(nodes, edges);
    }

    // One contiguous copy, so that sums over targets are matrix products as sums over sources are.
    private NDArray reverse(NDArray edge) {
        Shape shape = edge.getShape();
        return edge.transpose(0, 2, 1, 3).reshape(shape.get(0) * shape.get(2), shape.get(1), width);
    }

    // Big temporaries are released at once: libtorch keeps what the gradient needs, and its allocator reuses the rest.
    private NDArray updateEdge(Parameters p, NDArray edge, NDArray source, NDArray target) {
        Shape shape = edge.getShape();
        NDArray fromSource =
                Layers.project(p, name + ".edge-source", source).reshape(shape.get(0), 1, shape.get(2), width);
        NDArray fromTarget =
                Layers.project(p, name + ".edge-target", target).reshape(shape.get(0), shape.get(1), 1, width);
        try (NDArray z = Layers.linear(p, name + ".edge-self", edge)) {
            z.addi(fromSource);
            z.addi(fromTarget);
            try (NDArray up = Layers.gelu(z);
                    NDArray sum = Layers.linear(p, name + ".edge-down", up)) {
                sum.addi(edge);
                return Layers.layerNorm(p, name + ".edge-norm", sum);
            }
        }
    }
}
