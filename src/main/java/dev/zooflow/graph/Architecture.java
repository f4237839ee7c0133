package dev.zooflow.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The architecture of a multilayer perceptron: layer widths d_0 … d_L and the activation between layers.
 *
 * @param widths d_0 (inputs), the hidden widths, d_L (outputs); at least two, each in [1, 65536]
 * @param activation nonlinearity after every layer but the last
 */
public record Architecture(List<Integer> widths, Activation activation) {

    /** Widest layer a network may have. */
    public static final int MAX_WIDTH = 65_536;

    /** Checks the widths. */
    public Architecture {
        widths = List.copyOf(widths);
        if (widths.size() < 2) {
            throw new IllegalArgumentException(
                    "widths (%s) need an input and an output layer. Maybe write [inputs, hidden, outputs]?"
                            .formatted(widths));
        }
        for (int width : widths) {
            if (width < 1 || width > MAX_WIDTH) {
                throw new IllegalArgumentException("width (%d) of %s is outside [1, %d]. Maybe a typing error?"
                        .formatted(width, widths, MAX_WIDTH));
            }
        }
        long parameters = 0;
        for (int l = 1; l < widths.size(); l++) {
            parameters += (long) widths.get(l) * (widths.get(l - 1) + 1);
        }
        if (parameters > 100_000_000L) {
            throw new IllegalArgumentException(
                    "widths (%s) make %,d parameters, more than 100 million. Maybe use narrower hidden layers?"
                            .formatted(widths, parameters));
        }
    }

    /** The ReLU network with these widths. */
    public static Architecture relu(Integer... widths) {
        return new Architecture(List.of(widths), Activation.RELU);
    }

    /** The network between {@code inputs} and {@code outputs} with these hidden widths. */
    public static Architecture of(int inputs, List<Integer> hidden, int outputs, Activation activation) {
        List<Integer> widths = new ArrayList<>(hidden.size() + 2);
        widths.add(inputs);
        widths.addAll(hidden);
        widths.add(outputs);
        return new Architecture(widths, activation);
    }

    /** Number of weight layers L. */
    public int depth() {
        return widths.size() - 1;
    }

    /** d_0. */
    public int inputs() {
        return widths.get(0);
    }

    /** d_L. */
    public int outputs() {
        return widths.get(widths.size() - 1);
    }

    /** Widths d_1 … d_{L-1}. */
    public List<Integer> hidden() {
        return widths.subList(1, widths.size() - 1);
    }

    /** Number of parameters: weights and biases of all layers. */
    public int parameters() {
        int n = 0;
        for (int l = 1; l < widths.size(); l++) {
            n += widths.get(l) * (widths.get(l - 1) + 1);
        }
        return n;
    }

    /** The usual short name, e.g. {@code 30-16-16-2}. */
    @Override
    public String toString() {
        return widths.stream().map(String::valueOf).collect(Collectors.joining("-"));
    }
}
