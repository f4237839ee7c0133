package dev.zooflow.experiment;

import java.util.List;

/**
 * One of the experiments that a file makes.
 *
 * @param spec the experiment
 * @param values that it has and others have not, {@code key=value} each; empty where it is the only one
 */
public record Variant(ExperimentSpec spec, List<String> values) {

    /** Its values on one line. */
    public String label() {
        return String.join(" ", values);
    }
}
