package dev.zooflow.kafka;

import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Message;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes and sends messages on a thread of its own, in the order they were given, because encoding may write to the disk
 * and sending may wait for the brokers. While they are away messages wait, in the producer up to its bound and then here; when
 * more wait than the bound, the caller waits too. Thread-safe.
 */
final class Publisher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final int MOST_WAITING = 256;

    private final Codec codec;
    private final TopicLayout layout;
    private final Producer<byte[], byte[]> producer;
    private final ToIntFunction<Message> partition;
    private final ThreadPoolExecutor thread;

    /** A publisher on a producer that its maker closes later, with the partition of each message. */
    Publisher(Codec codec, TopicLayout layout, Producer<byte[], byte[]> producer, ToIntFunction<Message> partition) {
        this.codec = codec;
        this.layout = layout;
        this.producer = producer;
        this.partition = partition;
        this.thread = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                task -> {
                    Thread t = new Thread(task, "publish");
                    t.setDaemon(true);
                    return t;
                },
                Publisher::waitForRoom);
    }

    private static void waitForRoom(Runnable task, ThreadPoolExecutor thread) {
        if (thread.isShutdown()) {
            throw new RejectedExecutionException("the event log is closed");
        }
        try {
            thread.getQueue().put(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("interrupted while waiting to publish", e);
        }
    }

    /** Completes with the place of the message once the brokers hold it. */
    CompletionStage<EventRef> publish(Message message) {
        CompletableFuture<RecordMetadata> held = new CompletableFuture<>();
        try {
            thread.execute(() -> send(message, held));
        } catch (RejectedExecutionException e) {
            held.completeExceptionally(e);
        }
        return held.thenApply(m -> new EventRef(message.topic(), m.partition(), m.offset()));
    }

    private void send(Message message, CompletableFuture<RecordMetadata> held) {
        try {
            Envelope envelope = codec.encode(message);
            CompletableFuture<RecordMetadata> sent = send(message, envelope);
            while (brokersAreAway(sent) && !thread.isShutdown()) {
                LOG.warn("{} of run {} waits for the brokers", message.id(), message.run());
                sent = send(message, envelope);
            }
            CompletableFuture<RecordMetadata> unused = sent.whenComplete((place, failure) -> {
                if (failure == null) {
                    held.complete(place);
                } else {
                    held.completeExceptionally(failure);
                }
            });
        } catch (IOException | RuntimeException e) {
            held.completeExceptionally(e);
        }
    }

    private CompletableFuture<RecordMetadata> send(Message message, Envelope envelope) {
        CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
        try {
            String topic = layout.name(message.topic());
            Records.send(producer, Records.write(envelope, topic, partition.applyAsInt(message)), sent);
        } catch (TimeoutException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    /** Whether the producer did not take a message, because it is full or does not know the topic. */
    private static boolean brokersAreAway(CompletableFuture<RecordMetadata> sent) {
        return sent.isCompletedExceptionally()
                && sent.handle((place, failure) -> failure instanceof TimeoutException)
                        .join();
    }

    /** Sends what waits, then refuses more. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            thread.awaitTermination(KafkaClients.PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
