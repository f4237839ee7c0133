package dev.zooflow.kafka;

import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Codec;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkQueue;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;

/**
 * The work queues on Kafka's share groups (KIP-932), one group and one topic per role, which {@link Topics#prepare} has
 * created and configured. At least once: a task whose worker dies is delivered again when its lock expires.
 */
public final class KafkaWorkQueue implements WorkQueue {

    // Whoever gives it a letter waits until it is held, so nothing is left.
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private final KafkaClients clients;
    private final TopicLayout layout;
    private final Producer<byte[], byte[]> producer;
    private final DeadLetters deadLetters;
    private final RecordDecoder decoder;
    private final Set<QueueConsumer> consumers = ConcurrentHashMap.newKeySet();

    /**
     * Connects lazily: brokers that can't be reached show as tasks that don't come.
     *
     * @param blobs where payloads above the inline limit are
     */
    public KafkaWorkQueue(KafkaSettings settings, BlobStore blobs) {
        this.settings = settings;
        clients = new KafkaClients(settings);
        layout = new TopicLayout(settings.prefix());
        producer = clients.producer();
        deadLetters = new DeadLetters(producer);
        decoder = new RecordDecoder(
                new Codec(blobs, settings.inlineLimit(), settings.claimLimit(), Source.ofThisProcess()), layout);
    }

    @Override
    public EventLog.Subscription consume(Role role, Consumer<Delivery> handler) {
        TaskLock lock = new TaskLock(
                clients.shareConsumer(layout.group(role)), layout.name(Topic.tasksOf(role)), settings.lockDuration());
        QueueConsumer consumer = new QueueConsumer(lock, decoder, deadLetters, settings.maxAttempts(), handler);
        consumers.add(consumer);
        return () -> {
            consumers.remove(consumer);
            consumer.close();
        };
    }

    /** Hands back what is in work, unless it was answered, and leaves the groups. */
    @Override
    public void close() {
        consumers.forEach(QueueConsumer::close);
        producer.close(FAREWELL);
    }
}
