package dev.zooflow.graph;

import ai.djl.ndarray.NDArray;
import java.util.function.UnaryOperator;

/** The nonlinearity between two layers of a base network. */
public enum Activation {
    /** max(0, x): positively homogeneous, so hidden neurons carry a scaling symmetry. */
    RELU(x -> x.getNDArrayInternal().relu()),
    /** tanh(x): odd, no scaling symmetry. */
    TANH(NDArray::tanh);

    private final UnaryOperator<NDArray> function;

    Activation(UnaryOperator<NDArray> function) {
        this.function = function;
    }

    /** Elementwise value, any shape. */
    public NDArray apply(NDArray x) {
        return function.apply(x);
    }
}
