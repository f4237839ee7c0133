/**
 * The live page of a fleet or of runs in directories: a reducer that folds events into boards of bounded size, views of these as
 * JSON, paged and thinned, and a read-only server that tells open pages what changed.
 */
@NullMarked
package dev.zooflow.dashboard;

import org.jspecify.annotations.NullMarked;
