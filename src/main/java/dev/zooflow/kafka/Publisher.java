package dev.zooflow.kafka;

import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.Message;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
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
 * and sending may wait for the brokers. While they are away messages wait, here and in the producer; when they are more bytes
 * than a bound, no more are taken. No caller ever waits. Thread-safe.
 */
final class Publisher {

    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final long HEADER_BYTES = 512;

    private final Codec codec;
    private final TopicLayout layout;
    private final Producer<byte[], byte[]> producer;
    private final ToIntFunction<Message> partition;
    private final long bound;
    private final Room room = new Room();
    private final ThreadPoolExecutor thread;

    /**
     * A publisher on a producer that its maker closes later, with the partition of each message.
     *
     * @param bound above which no offer is taken, in bytes; twice as much for what must be published
     */
    Publisher(
            Codec codec,
            TopicLayout layout,
            Producer<byte[], byte[]> producer,
            ToIntFunction<Message> partition,
            long bound) {
        this.codec = codec;
        this.layout = layout;
        this.producer = producer;
        this.partition = partition;
        this.bound = bound;
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread t = new Thread(task, "publish");
            t.setDaemon(true);
            return t;
        });
    }

    /** What one message adds to the room, in bytes. Thread-safe. */
    private static final class Weight {
        private final Room room;
        private long bytes;

        Weight(Room room, long bytes) {
            this.room = room;
            this.bytes = bytes;
        }

        synchronized void set(long now) {
            room.change(now - bytes);
            bytes = now;
        }
    }

    /** A message on its way. */
    private final class Parcel implements Runnable {
        private final Message message;
        private final CompletableFuture<RecordMetadata> held = new CompletableFuture<>();
        private final Weight weight;

        Parcel(Message message, Weight weight) {
            this.message = message;
            this.weight = weight;
        }

        @Override
        public void run() {
            try {
                Envelope envelope = codec.encode(message);
                weight.set(HEADER_BYTES + envelope.body().length);
                send(message, envelope, held);
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                held.completeExceptionally(e);
            }
        }
    }

    /**
     * Completes with the place of the message once the brokers hold it; fails at once when too much waits already, or the
     * publisher is closed.
     */
    CompletionStage<EventRef> publish(Message message) {
        return accept(message, 2 * bound)
                .orElseGet(() -> CompletableFuture.failedFuture(new RejectedExecutionException(
                        "%d bytes wait for the brokers already. Maybe they are down?".formatted(room.waiting()))));
    }

    /** As {@link #publish}, but empty when too much waits already. */
    Optional<CompletionStage<EventRef>> offer(Message message) {
        return accept(message, bound);
    }

    private Optional<CompletionStage<EventRef>> accept(Message message, long most) {
        long bytes = HEADER_BYTES + Codec.estimate(message);
        if (!room.enter(bytes, most)) {
            return Optional.empty();
        }
        Weight weight = new Weight(room, bytes);
        Parcel parcel = new Parcel(message, weight);
        Topic topic = message.topic();
        CompletionStage<EventRef> place = parcel.held
                .whenComplete((held, failure) -> weight.set(0))
                .thenApply(m -> new EventRef(topic, m.partition(), m.offset()));
        try {
            thread.execute(parcel);
        } catch (RejectedExecutionException e) {
            parcel.held.completeExceptionally(new RejectedExecutionException("the event log is closed", e));
        }
        return Optional.of(place);
    }

    private void send(Message message, Envelope envelope, CompletableFuture<RecordMetadata> held) {
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

    /** Hands what waits to the producer, for so long; what is left then fails, and so does what comes later. */
    void close(Duration patience) {
        thread.shutdown();
        boolean ended = false;
        try {
            ended = thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!ended) {
            RejectedExecutionException closed = new RejectedExecutionException("the event log is closed");
            thread.shutdownNow().forEach(left -> ((Parcel) left).held.completeExceptionally(closed));
        }
    }
}
