package dev.zooflow.message;

/**
 * Where a record stands, so that a task can point to it instead of carrying it.
 *
 * @param topic its topic
 * @param partition within the topic
 * @param offset within the partition
 */
public record EventRef(Topic topic, int partition, long offset) {}
