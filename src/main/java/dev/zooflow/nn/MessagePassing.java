package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import java.util.List;

/** How neurons collect messages over the edges they have, and over no others. */
interface MessagePassing {

    /** Declares what it needs. */
    void addParameters(ParameterLayout layout);

    /** What every neuron receives: layers 0 … L, each [B, n_l, d]. */
    List<NDArray> receive(Parameters p, GraphState state);
}
