package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * States of a weight graph between two layers of a backbone.
 *
 * <p>Legend: B batch, n_l neurons of layer l, d width.
 *
 * @param nodes of layers 0 … L, each [B, n_l, d]
 * @param edges of layers 1 … L, each [B, n_l, n_{l-1}, d]
 */
record GraphState(List<NDArray> nodes, List<NDArray> edges) {}
