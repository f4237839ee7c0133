/**
 * Flow matching: how pairs (x0, x1) are drawn, what a network is asked to predict on the path between them, and the
 * velocity field that results.
 */
@NullMarked
package dev.zooflow.flow;

import org.jspecify.annotations.NullMarked;
