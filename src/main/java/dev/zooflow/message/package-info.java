/**
 * What crosses a process: events, tasks, their envelope (CloudEvents 1.0) and codecs (JSON, safetensors), and the ports
 * by which actors publish, read and queue them. No Kafka type and no NDArray appears here.
 */
@NullMarked
package dev.zooflow.message;

import org.jspecify.annotations.NullMarked;
