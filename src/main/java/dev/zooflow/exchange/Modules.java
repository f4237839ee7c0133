package dev.zooflow.exchange;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.LayerLayout.Layer;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.SafeTensors.Tensor;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The linear layers of a {@code state_dict}. Files keep no order, so that their names must tell it: they differ in numbers
 * only, as {@code 0}, {@code 2}, {@code 4} or {@code fc1}, {@code fc2} do.
 */
final class Modules {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+");

    private final Map<String, Tensor> tensors;
    private final List<String> names;

    /**
     * The layers of these tensors, from inputs to outputs.
     *
     * @throws IllegalArgumentException when a tensor belongs to no linear layer, or their order is not known
     */
    Modules(Map<String, Tensor> tensors) {
        this.tensors = tensors;
        this.names = tensors.keySet().stream()
                .map(Modules::module)
                .distinct()
                .sorted(Comparator.comparing(Modules::numbers, Modules::compare))
                .toList();
        if (names.stream()
                        .map(name -> NUMBER.matcher(name).replaceAll("#"))
                        .distinct()
                        .count()
                > 1) {
            throw new IllegalArgumentException(
                    "layers (%s) have names that tell no order. Maybe call them 0, 2, 4, ...?"
                            .formatted(String.join(", ", names)));
        }
    }

    private static String module(String tensor) {
        if (!StateDict.isNamed(tensor)) {
            throw new IllegalArgumentException(
                    "tensor (%s) is neither weight nor bias of a layer. Maybe leave it out?".formatted(tensor));
        }
        return tensor.substring(0, tensor.lastIndexOf('.'));
    }

    private static List<BigInteger> numbers(String module) {
        return NUMBER.matcher(module)
                .results()
                .map(number -> new BigInteger(number.group()))
                .toList();
    }

    private static int compare(List<BigInteger> a, List<BigInteger> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** The networks, whose layers must have the shapes of the architecture. */
    WeightBatch networks(Architecture architecture) {
        List<Layer> layers = LayerLayout.of(architecture).layers();
        if (names.size() != layers.size()) {
            throw new IllegalArgumentException("layers (%s) are %d where %s has %d. Maybe another network.hidden?"
                    .formatted(String.join(", ", names), names.size(), architecture, layers.size()));
        }
        List<TensorStack> parameters = new ArrayList<>();
        for (Layer layer : layers) {
            String module = names.get(layer.index() - 1);
            parameters.add(parameter(module + StateDict.WEIGHT, architecture, layer.fanOut(), layer.fanIn()));
            parameters.add(parameter(module + StateDict.BIAS, architecture, layer.fanOut()));
        }
        return join(parameters, architecture);
    }

    private TensorStack parameter(String name, Architecture architecture, long... shape) {
        TensorStack parameter = TensorStack.of(tensors, name, shape.length);
        parameter.checkShape(architecture, shape);
        return parameter;
    }

    private static WeightBatch join(List<TensorStack> parameters, Architecture architecture) {
        TensorStack first = parameters.get(0);
        int d = architecture.parameters();
        if ((long) first.n() * d > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "%d networks have more values than fit into one array. Maybe split them?".formatted(first.n()));
        }
        float[] theta = new float[first.n() * d];
        int offset = 0;
        for (TensorStack parameter : parameters) {
            if (parameter.n() != first.n() || parameter.hasAxis() != first.hasAxis()) {
                throw new IllegalArgumentException(
                        "tensor (%s) is that of %d networks, but %s of %d. Maybe a damaged file?"
                                .formatted(parameter.name(), parameter.n(), first.name(), first.n()));
            }
            parameter.copyTo(theta, offset, d);
            offset += parameter.values().length / parameter.n();
        }
        return new WeightBatch(architecture, theta);
    }
}
