package dev.zooflow.app;

import dev.zooflow.kafka.KafkaEventLog;
import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.kafka.KafkaWorkQueue;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.WorkQueue;

/**
 * The ports of actors, connected to Kafka and to a store of blobs.
 *
 * @param log events
 * @param queue tasks
 * @param blobs large payloads
 */
record Wires(EventLog log, WorkQueue queue, BlobStore blobs) implements AutoCloseable {

    /** Connects to prepared brokers. */
    static Wires connect(KafkaSettings settings, BlobStore blobs) {
        return new Wires(new KafkaEventLog(settings, blobs), new KafkaWorkQueue(settings, blobs), blobs);
    }

    /** Queues go first: what they hand back is still told in the log. */
    @Override
    public void close() {
        try {
            queue.close();
        } finally {
            log.close();
        }
    }
}
