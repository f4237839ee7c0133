package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Autograd;
import java.util.ArrayList;
import java.util.List;

/**
 * Relational attention of every neuron over the edges it has, and no others: one softmax over the neurons of the layer
 * before and of the layer after.
 *
 * <p>Legend: B batch, n_l neurons of layer l (s of the source layer), d width, H heads, c = d/H.
 *
 * <p>With node states n and edge states e, a target neuron j weighs a source i by softmax_i of (q_j·k_i + e_ij·r_j)/√c
 * and receives Σ_i a_ij (v_i + U e_ij), where q, k, v, r are linear in the node states and r_j collects q_j's products
 * with the edge part of the key. It is the attention of Diao &amp; Loynd (ICLR 2023) without the product of two edge parts
 * and with the edge part of the value projected after the sum: every edge costs O(d), not O(d²). r and U differ between
 * the two directions.
 */
final class RtAttention implements MessagePassing {

    private static final List<String> DIRECTIONS = List.of("in", "out");

    private final String name;
    private final int width;
    private final int heads;

    RtAttention(String name, int width, int heads) {
        this.name = name;
        this.width = width;
        this.heads = heads;
    }

    @Override
    public void addParameters(ParameterLayout layout) {
        Layers.addLinear(layout, name + ".query", width, width);
        Layers.addLinear(layout, name + ".key-value", width, 2 * width);
        for (String direction : DIRECTIONS) {
            Layers.addLinear(layout, name + ".edge-query-" + direction, width, heads * width);
            Layers.addProjection(layout, name + ".edge-value-" + direction, heads * width, width);
        }
        Layers.addLinear(layout, name + ".output", width, width);
    }

    @Override
    public List<NDArray> receive(Parameters p, GraphState state) {
        List<NDArray> reversed = state.edges().stream().map(this::reverse).toList();
        List<NDArray> received = new ArrayList<>();
        for (int l = 0; l < state.nodes().size(); l++) {
            received.add(receive(p, l, state.nodes(), state.edges(), reversed));
        }
        return received;
    }

    // One contiguous copy, so that sums over targets are matrix products as sums over sources are:
    // [B, n_l, n_{l-1}, d] → [B n_{l-1}, n_l, d].
    private NDArray reverse(NDArray edge) {
        Shape shape = edge.getShape();
        return edge.transpose(0, 2, 1, 3).reshape(shape.get(0) * shape.get(2), shape.get(1), width);
    }

    // What the neurons of layer l receive, [B, n_l, d].
    private NDArray receive(Parameters p, int l, List<NDArray> nodes, List<NDArray> edges, List<NDArray> reversed) {
        NDArray target = nodes.get(l);
        NDArray query = heads(Layers.linear(p, name + ".query", target));
        NDList logits = new NDList(2);
        NDList keyValues = new NDList(2);
        boolean hasIn = l > 0;
        boolean hasOut = l < nodes.size() - 1;
        if (hasIn) {
            attend(p, "in", target, query, nodes.get(l - 1), edges.get(l - 1), logits, keyValues);
        }
        if (hasOut) {
            attend(p, "out", target, query, nodes.get(l + 1), reversed.get(l), logits, keyValues);
        }
        long split = hasIn ? logits.get(0).getShape().get(3) : 0;
        NDArray weights = NDArrays.concat(logits, 3).softmax(3);
        NDArray sum = null;
        if (hasIn) {
            sum = collect(p, "in", weights.get(":, :, :, :{}", split), keyValues.get(0), edges.get(l - 1));
        }
        if (hasOut) {
            int at = keyValues.size() - 1;
            NDArray out = collect(p, "out", weights.get(":, :, :, {}:", split), keyValues.get(at), reversed.get(l));
            sum = sum == null ? out : sum.add(out);
        }
        return Layers.linear(p, name + ".output", sum);
    }

    // Logits [B, n, H, s] of one direction, and the sources' values [B, H, s, c].
    private void attend(
            Parameters p,
            String direction,
            NDArray target,
            NDArray query,
            NDArray source,
            NDArray edge,
            NDList logits,
            NDList values) {
        long batch = target.getShape().get(0);
        long n = target.getShape().get(1);
        long s = source.getShape().get(1);
        NDArray keyValue = Layers.linear(p, name + ".key-value", source);
        NDArray key = heads(keyValue.get("..., :{}", width));
        NDArray byNode = query.matMul(key.transpose(0, 1, 3, 2)).transpose(0, 2, 1, 3);
        NDArray edgeQuery =
                Layers.linear(p, name + ".edge-query-" + direction, target).reshape(batch * n, heads, width);
        NDArray byEdge = edgeQuery
                .batchMatMul(edge.reshape(batch * n, s, width).transpose(0, 2, 1))
                .reshape(batch, n, heads, s);
        logits.add(Autograd.scale(byNode.add(byEdge), 1 / Math.sqrt((double) width / heads)));
        values.add(heads(keyValue.get("..., {}:", width)));
    }

    // Σ_i a_ij (v_i + U e_ij), [B, n, d]; weights [B, n, H, s].
    private NDArray collect(Parameters p, String direction, NDArray weights, NDArray value, NDArray edge) {
        Shape shape = weights.getShape();
        long batch = shape.get(0);
        long n = shape.get(1);
        long s = shape.get(3);
        NDArray edgeSum = weights.reshape(batch * n, heads, s).batchMatMul(edge.reshape(batch * n, s, width));
        NDArray fromEdges =
                Layers.project(p, name + ".edge-value-" + direction, edgeSum.reshape(batch, n, (long) heads * width));
        NDArray fromNodes = weights.transpose(0, 2, 1, 3)
                .matMul(value)
                .transpose(0, 2, 1, 3)
                .reshape(batch, n, width);
        return fromEdges.add(fromNodes);
    }

    // [B, n, d] → [B, H, n, c]
    private NDArray heads(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, width / heads).transpose(0, 2, 1, 3);
    }
}
