/**
 * A flow over network weights as one thing: the space it lives in, its training on a zoo, and the trained model that
 * generates networks. Usable on its own, without actors or Kafka.
 */
@NullMarked
package dev.zooflow.model;

import org.jspecify.annotations.NullMarked;
