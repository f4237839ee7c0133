/** Starting libtorch through DJL without any contact to the network, and seeded random numbers for it. */
@NullMarked
package dev.zooflow.tensor;

import org.jspecify.annotations.NullMarked;
