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
    public NDArray receive(Parameters p, GraphState state) {
        NDList queries = state.byLayer(Layers.linear(p, name + ".query", state.nodes()));
        NDList keyValues = state.byLayer(Layers.linear(p, name + ".key-value", state.nodes()));
        NDList queriesIn = state.byLayer(Layers.linear(p, name + ".edge-query-in", state.nodes()));
        NDList queriesOut = state.byLayer(Layers.linear(p, name + ".edge-query-out", state.nodes()));
        NDList fromNodes = new NDList();
        NDList edgesIn = new NDList();
        NDList edgesOut = new NDList();
        int last = queries.size() - 1;
        for (int l = 0; l <= last; l++) {
            List<Side> sides = new ArrayList<>();
            if (l > 0) {
                NDArray edge = state.edges().get(l - 1);
                sides.add(new Side(queriesIn.get(l), keyValues.get(l - 1), rows(edge)));
            }
            if (l < last) {
                NDArray edge = state.edges().get(l).transpose(0, 2, 1, 3);
                sides.add(new Side(queriesOut.get(l), keyValues.get(l + 1), rows(edge)));
            }
            NDList weights = weights(heads(queries.get(l)), sides);
            fromNodes.add(nodeSum(weights, sides));
            edgesIn.add(
                    l > 0
                            ? edgeSum(weights.get(0), sides.get(0))
                            : queriesIn.get(l).zerosLike());
            int at = sides.size() - 1;
            edgesOut.add(
                    l < last
                            ? edgeSum(weights.get(at), sides.get(at))
                            : queriesOut.get(l).zerosLike());
        }
        NDArray sum = NDArrays.concat(fromNodes, 1)
                .add(Layers.project(p, name + ".edge-value-in", NDArrays.concat(edgesIn, 1)))
                .add(Layers.project(p, name + ".edge-value-out", NDArrays.concat(edgesOut, 1)));
        return Layers.linear(p, name + ".output", sum);
    }

    /**
     * What the n neurons of a layer see of the s neurons on one side of it.
     *
     * @param edgeQuery r, [B, n, H d]
     * @param keyValue k and v of the sources, [B, s, 2d]
     * @param edges [B n, s, d]
     */
    private record Side(NDArray edgeQuery, NDArray keyValue, NDArray edges) {}

    // One contiguous copy where targets and sources were exchanged, so that all sums over sources are matrix products:
    // [B, n, s, d] → [B n, s, d].
    private NDArray rows(NDArray edge) {
        Shape shape = edge.getShape();
        return edge.reshape(shape.get(0) * shape.get(1), shape.get(2), width);
    }

    // One softmax over both sides: for each side [B, n, H, s].
    private NDList weights(NDArray query, List<Side> sides) {
        NDList logits = new NDList();
        sides.forEach(side -> logits.add(logits(query, side)));
        NDArray weights = NDArrays.concat(logits, 3).softmax(3);
        return sides.size() == 1
                ? new NDList(weights)
                : weights.split(new long[] {logits.get(0).getShape().get(3)}, 3);
    }

    // [B, n, H, s]; query [B, H, n, c].
    private NDArray logits(NDArray query, Side side) {
        NDArray key = heads(side.keyValue().get("..., :{}", width));
        NDArray byNode = query.matMul(key.transpose(0, 1, 3, 2)).transpose(0, 2, 1, 3);
        NDArray edgeQuery = side.edgeQuery().reshape(side.edges().getShape().get(0), heads, width);
        NDArray byEdge = edgeQuery.batchMatMul(side.edges().transpose(0, 2, 1)).reshape(byNode.getShape());
        return Autograd.scale(byNode.add(byEdge), 1 / Math.sqrt((double) width / heads));
    }

    // Σ_i a_ij v_i over all sides, [B, n, d].
    private NDArray nodeSum(NDList weights, List<Side> sides) {
        List<NDArray> parts = new ArrayList<>();
        for (int i = 0; i < sides.size(); i++) {
            NDArray value = heads(sides.get(i).keyValue().get("..., {}:", width));
            parts.add(weights.get(i).transpose(0, 2, 1, 3).matMul(value));
        }
        NDArray sum = parts.stream().reduce(NDArray::add).orElseThrow();
        Shape shape = sum.getShape();
        return sum.transpose(0, 2, 1, 3).reshape(shape.get(0), shape.get(2), width);
    }

    // Σ_i a_ij e_ij, [B, n, H d]; weights [B, n, H, s].
    private NDArray edgeSum(NDArray weights, Side side) {
        Shape shape = weights.getShape();
        return weights.reshape(shape.get(0) * shape.get(1), heads, shape.get(3))
                .batchMatMul(side.edges())
                .reshape(shape.get(0), shape.get(1), (long) heads * width);
    }

    // [B, n, d] → [B, H, n, c]
    private NDArray heads(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, width / heads).transpose(0, 2, 1, 3);
    }
}
