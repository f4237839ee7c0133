/**
 * The density of a flow at a point, by the instantaneous change of variables along its path.
 */
@NullMarked
package dev.zooflow.flow.likelihood;

import org.jspecify.annotations.NullMarked;
