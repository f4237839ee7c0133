/**
 * Tells a person what they must know of a run: that a task was given up, that an attempt is stuck, that the run is over. By a
 * webhook or a command, from the events of the run, once each.
 */
@NullMarked
package dev.zooflow.notify;

import org.jspecify.annotations.NullMarked;
