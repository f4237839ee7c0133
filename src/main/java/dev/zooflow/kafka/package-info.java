/**
 * Kafka behind the ports of {@code message}: topics, the event log, the work queues on share groups, and an embedded
 * broker for the case that one machine is all there is. The only package that imports Kafka.
 */
@NullMarked
package dev.zooflow.kafka;

import org.jspecify.annotations.NullMarked;
