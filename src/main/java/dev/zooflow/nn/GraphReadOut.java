package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.nn.ParameterLayout.Init;
import java.util.List;

/**
 * One value for every weight from its edge, for every bias from its node, and for every global coordinate from the mean
 * of the output nodes. It begins at zero, so that an untrained backbone predicts zero.
 */
final class GraphReadOut {

    private final int width;
    private final int globals;

    GraphReadOut(int width, int globals) {
        this.width = width;
        this.globals = globals;
    }

    void addParameters(ParameterLayout layout) {
        for (String head : List.of("edge-output", "node-output")) {
            layout.add(head + ".weight", Init.ZEROS, 1, width).add(head + ".bias", Init.ZEROS, 1);
        }
        if (globals > 0) {
            layout.add("global-output.weight", Init.ZEROS, globals, width)
                    .add("global-output.bias", Init.ZEROS, globals);
        }
    }

    /** The values of B networks, [B, P]. */
    NDArray read(Parameters p, GraphState state) {
        long batch = state.nodes().getShape().get(0);
        NDList parts = new NDList();
        NDList biases = state.byLayer(Layers.linear(p, "node-output", state.nodes()));
        for (int l = 1; l < biases.size(); l++) {
            parts.add(Layers.linear(p, "edge-output", state.edges().get(l - 1)).reshape(batch, -1));
            parts.add(biases.get(l).reshape(batch, -1));
        }
        if (globals > 0) {
            NDList nodes = state.byLayer(state.nodes());
            NDArray outputs = nodes.get(nodes.size() - 1);
            parts.add(Layers.linear(p, "global-output", outputs.mean(new int[] {1})));
        }
        return NDArrays.concat(parts, 1);
    }
}
