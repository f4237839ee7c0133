package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;

/**
 * One layer of a graph backbone: neurons receive messages over their edges and pass through a perceptron, then every edge
 * is updated from itself and the two neurons it joins (Diao &amp; Loynd, ICLR 2023; Kofinas et al., ICLR 2024). Each
 * update is residual and normalised.
 *
 * <p>Legend: B batch, n_l neurons of layer l, N of all layers, d width.
 */
final class GraphLayer {

    private final String name;
    private final int width;
    private final boolean edgeUpdates;
    private final MessagePassing messages;
    private final String messageNorm;

    /**
     * Declares the layer.
     *
     * @param messageNorm name of the normalisation after the messages
     */
    GraphLayer(String name, int width, boolean edgeUpdates, MessagePassing messages, String messageNorm) {
        this.name = name;
        this.width = width;
        this.edgeUpdates = edgeUpdates;
        this.messages = messages;
        this.messageNorm = name + "." + messageNorm;
    }

    void addParameters(ParameterLayout layout) {
        messages.addParameters(layout);
        Layers.addLayerNorm(layout, messageNorm, width);
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

    GraphState forward(Parameters p, GraphState in) {
        NDArray met = Layers.layerNorm(p, messageNorm, messages.receive(p, in).add(in.nodes()));
        NDArray up = Layers.gelu(Layers.linear(p, name + ".node-up", met));
        NDArray down = Layers.linear(p, name + ".node-down", up);
        NDArray nodes = Layers.layerNorm(p, name + ".node-norm", down.add(met));
        if (!edgeUpdates) {
            return new GraphState(nodes, in.edges());
        }
        NDList sources = in.byLayer(Layers.project(p, name + ".edge-source", nodes));
        NDList targets = in.byLayer(Layers.project(p, name + ".edge-target", nodes));
        List<NDArray> edges = new ArrayList<>();
        for (int l = 0; l < in.edges().size(); l++) {
            edges.add(updateEdge(p, in.edges().get(l), sources.get(l), targets.get(l + 1)));
        }
        return new GraphState(nodes, edges);
    }

    // Big temporaries are released at once: libtorch keeps what the gradient needs, and its allocator reuses the rest.
    private NDArray updateEdge(Parameters p, NDArray edge, NDArray source, NDArray target) {
        try (NDArray z = Layers.linear(p, name + ".edge-self", edge)) {
            z.addi(source.expandDims(1));
            z.addi(target.expandDims(2));
            try (NDArray up = Layers.gelu(z);
                    NDArray sum = Layers.linear(p, name + ".edge-down", up)) {
                sum.addi(edge);
                return Layers.layerNorm(p, name + ".edge-norm", sum);
            }
        }
    }
}
