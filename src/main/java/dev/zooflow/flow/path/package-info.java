/**
 * Conditional probability paths between a source point x0 and a target point x1, with the velocity of the path at every
 * time: the one place where a target velocity is derived.
 */
@NullMarked
package dev.zooflow.flow.path;

import org.jspecify.annotations.NullMarked;
