/**
 * Training of a zoo: many base networks at once in one batched computation, snapshots along their trajectories, and the
 * division into training and held-out networks by trajectory.
 */
@NullMarked
package dev.zooflow.zoo;

import org.jspecify.annotations.NullMarked;
