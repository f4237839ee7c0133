package dev.zooflow.exchange;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.SafeTensors.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Networks as named tensors, the way PyTorch's {@code state_dict} names them: {@code <layer>.weight} [out, in] and {@code
 * <layer>.bias} [out], both with a leading axis where they are those of several networks. A single tensor of any other name
 * holds whole networks, [n, D] or [D], laid out as {@code parameters_to_vector} writes them.
 *
 * <p>Legend: n networks, D parameters.
 */
public final class StateDict {

    static final String WEIGHT = ".weight";
    static final String BIAS = ".bias";

    private StateDict() {}

    /** The tensors, named as those of an {@code nn.Sequential}; with a leading axis unless there is exactly one network. */
    public static Map<String, Tensor> encode(WeightBatch networks) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (Layer layer : LayerLayout.of(networks.architecture()).layers()) {
            // A Sequential numbers its modules, and every second one is an activation.
            String module = Integer.toString(2 * (layer.index() - 1));
            put(tensors, module + WEIGHT, networks, layer.weightOffset(), layer.fanOut(), layer.fanIn());
            put(tensors, module + BIAS, networks, layer.biasOffset(), layer.fanOut());
        }
        return tensors;
    }

    /** All networks as one tensor [n, D]. */
    static Tensor whole(WeightBatch networks) {
        return Tensor.of(
                networks.theta(), networks.size(), networks.architecture().parameters());
    }

    private static void put(Map<String, Tensor> tensors, String name, WeightBatch networks, int offset, long... shape) {
        int n = networks.size();
        int d = networks.architecture().parameters();
        int size = (int) TensorStack.size(shape);
        float[] values = new float[n * size];
        for (int i = 0; i < n; i++) {
            System.arraycopy(networks.theta(), i * d + offset, values, i * size, size);
        }
        tensors.put(name, Tensor.of(values, n == 1 ? shape : TensorStack.withAxis(n, shape)));
    }

    /**
     * The networks that the tensors hold.
     *
     * @throws IllegalArgumentException when they are not networks of this architecture, or hold values that are not finite
     */
    public static WeightBatch decode(Map<String, Tensor> tensors, Architecture architecture) {
        if (tensors.size() == 1 && tensors.keySet().stream().noneMatch(StateDict::isNamed)) {
            String name = tensors.keySet().iterator().next();
            TensorStack whole = TensorStack.of(tensors, name, 1);
            whole.checkShape(architecture, architecture.parameters());
            return new WeightBatch(architecture, whole.values());
        }
        return new Modules(tensors).networks(architecture);
    }

    static boolean isNamed(String tensor) {
        return tensor.endsWith(WEIGHT) || tensor.endsWith(BIAS);
    }
}
