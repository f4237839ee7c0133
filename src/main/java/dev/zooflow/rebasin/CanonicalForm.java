package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import java.util.stream.LongStream;

/**
 * The canonical representative of a ReLU network under neuron scaling (Pittorino et al. 2022): the incoming weights of
 * every hidden neuron have norm 1, and so have the weights of the last layer as a whole.
 *
 * <p>Front to back, each hidden neuron's row and bias are divided by the row's norm n and its outgoing column is
 * multiplied by n; then W_L and b_L are divided by ‖W_L‖_F. The first step leaves the function as it is, the second
 * divides all logits by the temperature ‖W_L‖_F, whose logarithm is kept as one more coordinate on request.
 *
 * <p>A row (or last layer) of norm below {@value #DEAD} has no direction: it is left as it is, so that such a neuron
 * survives the round trip with the same function and without NaN.
 *
 * <p>Legend: n networks, D parameters. z has the layout of θ and, with {@code keepTemperature}, log‖W_L‖_F at the end.
 *
 * @param layout of a ReLU network
 * @param keepTemperature whether z has the coordinate log‖W_L‖_F, which makes the form invertible up to the symmetry
 */
public record CanonicalForm(LayerLayout layout, boolean keepTemperature) {

    /** Rows of a smaller norm count as dead. */
    public static final float DEAD = 1e-6f;

    /** Checks the activation: other nonlinearities have no scaling symmetry. */
    public CanonicalForm {
        Activation activation = layout.architecture().activation();
        if (activation != Activation.RELU) {
            throw new IllegalArgumentException(
                    "activation (%s) has no scaling symmetry, so its networks have no canonical form. Maybe use RELU?"
                            .formatted(activation));
        }
    }

    /** Coordinates of z: D, or D + 1 with the temperature. */
    public int size() {
        return layout.size() + (keepTemperature ? 1 : 0);
    }

    /**
     * The canonical coordinates; differentiable.
     *
     * @param theta [n, D]
     * @return [n, size()]
     */
    public NDArray encode(NDArray theta) {
        NDList parts = theta.split(boundaries(), 1);
        NDList out = new NDList();
        NDArray columnScale = theta.getManager().ones(new Shape(1, 1, 1), theta.getDataType());
        for (Layer layer : layout.layers()) {
            boolean last = layer.index() == layout.layers().size();
            NDArray w = parts.get(2 * layer.index() - 2).reshape(-1, layer.fanOut(), layer.fanIn());
            NDArray b = parts.get(2 * layer.index() - 1);
            NDArray scaled = layer.index() == 1 ? w : w.mul(columnScale);
            NDArray norm = scaled.norm(last ? new int[] {1, 2} : new int[] {2}, true);
            NDArray divisor = replaceDead(norm);
            out.add(scaled.div(divisor).reshape(-1, layer.weights()));
            out.add(b.div(divisor.reshape(-1, last ? 1 : layer.fanOut())));
            columnScale = last ? divisor : divisor.transpose(0, 2, 1);
        }
        if (keepTemperature) {
            out.add(columnScale.reshape(-1, 1).log());
        }
        return NDArrays.concat(out, 1);
    }

    /**
     * Weights with the function that z stands for: those of z itself, the last layer times its temperature when kept.
     * Differentiable; nothing is projected.
     *
     * @param z [n, size()]
     * @return [n, D]
     */
    public NDArray decode(NDArray z) {
        if (!keepTemperature) {
            return z;
        }
        NDList parts = z.split(new long[] {layout.last().weightOffset(), layout.size()}, 1);
        NDArray lastLayer = parts.get(1).mul(parts.get(2).exp());
        return layout.layers().size() == 1 ? lastLayer : NDArrays.concat(new NDList(parts.get(0), lastLayer), 1);
    }

    private static NDArray replaceDead(NDArray norm) {
        NDArray dead = norm.lt(DEAD).toType(norm.getDataType(), false);
        return norm.sub(norm.mul(dead)).add(dead);
    }

    private long[] boundaries() {
        return layout.layers().stream()
                .flatMapToLong(layer -> LongStream.of(layer.weightOffset(), layer.biasOffset()))
                .skip(1)
                .toArray();
    }
}
