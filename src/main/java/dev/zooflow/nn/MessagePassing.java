package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;

/** How neurons collect messages over the edges they have, and over no others. */
interface MessagePassing {

    /** Declares what it needs. */
    void addParameters(ParameterLayout layout);

    /** What every neuron receives, [B, N, d]. */
    NDArray receive(Parameters p, GraphState state);
}
