/**
 * The built-in benchmark: times the expensive parts of the mathematics in this process, after a warm-up, on inputs made
 * from a seed.
 */
@NullMarked
package dev.zooflow.bench;

import org.jspecify.annotations.NullMarked;
