package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.Permutations;
import dev.zooflow.tensor.Seed;

/**
 * A way to find the neuron permutations that align each of n networks to a reference.
 *
 * <p>Legend: n networks, D parameters.
 */
public interface Matcher {

    /**
     * Aligns from scratch; the result does not depend on the networks' neuron order but for ties and rounding.
     *
     * @param reference [1, D]
     * @param theta [n, D]
     * @return for {@code theta}, to be applied to it or to weights in the same neuron order
     */
    Permutations align(LayerLayout layout, NDArray reference, NDArray theta, Seed seed);

    /**
     * Goes on from permutations that are already good, as those found for a similar reference.
     *
     * @param reference [1, D]
     * @param theta [n, D]
     * @param start n permutations for {@code theta}, not changed
     * @return for {@code theta}
     */
    Permutations refine(LayerLayout layout, NDArray reference, NDArray theta, Permutations start, Seed seed);

    /**
     * Whether what is aligned must compute what the original networks compute, temperature of the last layer included;
     * otherwise only the direction of weights counts.
     */
    default boolean comparesFunctions() {
        return false;
    }
}
