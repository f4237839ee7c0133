/**
 * The weight graph of a multilayer perceptron: its architecture, where each weight and bias stands in the flat vector θ,
 * and the symmetries (neuron permutations, ReLU scalings) that leave the network's function unchanged.
 */
@NullMarked
package dev.zooflow.graph;

import org.jspecify.annotations.NullMarked;
