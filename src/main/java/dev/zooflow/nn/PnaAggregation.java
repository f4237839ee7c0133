package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.tensor.Autograd;
import java.util.ArrayList;
import java.util.List;

/**
 * Principal neighbourhood aggregation (Corso et al., NeurIPS 2020, eq. 5–8): every neuron summarises its messages by their
 * mean, maximum, minimum and standard deviation, each as it is, amplified and attenuated by the neuron's degree.
 *
 * <p>A neuron of layer l has the degree D = n_{l-1} + n_{l+1}, so a whole layer shares the scalers (log(D+1)/δ)^α,
 * α ∈ {0, 1, −1}. The message over an edge is U e + V n of the edge's and the other neuron's state; V differs between
 * neighbours below and above. The paper's message also reads the receiving neuron: in a linear message it would only move
 * mean, maximum and minimum by what the residual connection carries anyway.
 *
 * <p>The standard deviation is √(variance + {@value #EPSILON}), smooth where all messages agree.
 *
 * <p>Legend: B batch, n_l neurons of layer l, d width, D degree, δ mean of log(D+1) in the graph trained on.
 */
final class PnaAggregation implements MessagePassing {

    private static final double EPSILON = 1e-5;
    private static final int SUMMARIES = 4 * 3;

    private final String name;
    private final int width;
    private final double meanLogDegree;

    /** Messages to the neurons of a layer from one side; the sources lie along {@code axis}. */
    private record Messages(NDArray values, int axis) {
        long count() {
            return values.getShape().get(axis);
        }

        NDArray sum() {
            return values.sum(new int[] {axis});
        }

        NDArray max() {
            return values.max(new int[] {axis});
        }

        NDArray min() {
            return values.min(new int[] {axis});
        }

        // Σ (m − μ)², μ [B, n, d]
        NDArray squaresAround(NDArray mean) {
            try (NDArray difference = values.sub(mean.expandDims(axis));
                    NDArray square = difference.square()) {
                return square.sum(new int[] {axis});
            }
        }
    }

    /**
     * Declares the aggregation.
     *
     * @param meanLogDegree δ
     */
    PnaAggregation(String name, int width, double meanLogDegree) {
        this.name = name;
        this.width = width;
        this.meanLogDegree = meanLogDegree;
    }

    @Override
    public void addParameters(ParameterLayout layout) {
        Layers.addLinear(layout, name + ".from-below", width, width);
        Layers.addLinear(layout, name + ".from-above", width, width);
        Layers.addProjection(layout, name + ".edge", width, width);
        Layers.addLinear(layout, name + ".output", SUMMARIES * width, width);
    }

    @Override
    public NDArray receive(Parameters p, GraphState state) {
        NDList below = state.byLayer(Layers.linear(p, name + ".from-below", state.nodes()));
        NDList above = state.byLayer(Layers.linear(p, name + ".from-above", state.nodes()));
        List<NDArray> edges = state.edges().stream()
                .map(edge -> Layers.project(p, name + ".edge", edge))
                .toList();
        NDList summaries = new NDList();
        for (int l = 0; l < below.size(); l++) {
            List<Messages> messages = new ArrayList<>();
            if (l > 0) {
                messages.add(new Messages(edges.get(l - 1).add(below.get(l - 1).expandDims(1)), 2));
            }
            if (l < edges.size()) {
                messages.add(new Messages(edges.get(l).add(above.get(l + 1).expandDims(2)), 1));
            }
            summaries.add(summarise(messages));
            messages.forEach(m -> m.values().close());
        }
        edges.forEach(NDArray::close);
        return Layers.linear(p, name + ".output", NDArrays.concat(summaries, 1));
    }

    // [B, n, 12 d]
    private NDArray summarise(List<Messages> messages) {
        long degree = messages.stream().mapToLong(Messages::count).sum();
        NDArray mean = average(messages.stream().map(Messages::sum).toList(), degree);
        NDArray variance =
                average(messages.stream().map(m -> m.squaresAround(mean)).toList(), degree);
        NDArray max =
                messages.stream().map(Messages::max).reduce(NDArray::maximum).orElseThrow();
        NDArray min =
                messages.stream().map(Messages::min).reduce(NDArray::minimum).orElseThrow();
        NDArray summary =
                NDArrays.concat(new NDList(mean, max, min, variance.add(EPSILON).sqrt()), 2);
        double scaler = Math.log(degree + 1.0) / meanLogDegree;
        return NDArrays.concat(
                new NDList(summary, Autograd.scale(summary, scaler), Autograd.scale(summary, 1 / scaler)), 2);
    }

    private static NDArray average(List<NDArray> sums, long count) {
        return Autograd.scale(sums.stream().reduce(NDArray::add).orElseThrow(), 1.0 / count);
    }
}
