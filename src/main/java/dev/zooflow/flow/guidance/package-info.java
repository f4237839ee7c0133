/** Guidance: a velocity field bent by the gradient of any objective of the networks that it leads to. */
@NullMarked
package dev.zooflow.flow.guidance;

import org.jspecify.annotations.NullMarked;
