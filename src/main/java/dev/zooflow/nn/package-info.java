/**
 * Networks that read a weight graph and predict a point or a tangent vector of weight space, with their parameters,
 * optimiser and moving average.
 */
@NullMarked
package dev.zooflow.nn;

import org.jspecify.annotations.NullMarked;
