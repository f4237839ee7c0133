package dev.zooflow.experiment;

import dev.zooflow.graph.Activation;
import dev.zooflow.graph.Architecture;
import java.util.List;

/**
 * The base networks' hidden part; inputs and outputs come from the task.
 *
 * @param hidden hidden widths d_1 … d_{L-1}; may be empty
 * @param activation between layers
 */
public record NetworkSpec(List<Integer> hidden, Activation activation) {

    /** Copies the list. */
    public NetworkSpec {
        hidden = List.copyOf(hidden);
    }

    /** The architecture for a task with so many inputs and classes. */
    public Architecture architecture(int inputs, int classes) {
        return Architecture.of(inputs, hidden, classes, activation);
    }
}
