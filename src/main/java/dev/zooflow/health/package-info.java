/**
 * What a process tells of itself over HTTP: whether it is in order, and figures for Prometheus. It learns both from what the
 * process publishes and reads anyway, so that actors and messages know nothing of it.
 */
@NullMarked
package dev.zooflow.health;

import org.jspecify.annotations.NullMarked;
