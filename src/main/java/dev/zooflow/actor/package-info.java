/**
 * The run as actors: a coordinator that knows from events alone what is to be done next, and one worker for each of the
 * four roles. Behaviours decide and delegate; the mathematics runs in plain classes on named, bounded dispatchers.
 */
@NullMarked
package dev.zooflow.actor;

import org.jspecify.annotations.NullMarked;
