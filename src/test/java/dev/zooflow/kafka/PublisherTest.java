package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.message.Codec;
import dev.zooflow.message.EventRef;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.Message;
import dev.zooflow.message.MessageSamples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublisherTest {

    private static final long BOUND = 10_000;
    private static final Duration SOON = Duration.ofMillis(50);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final CountDownLatch open = new CountDownLatch(1);
    private boolean blocked;
    private boolean shortOfMemory;

    @TempDir
    private Path dir;

    @AfterEach
    void letGo() {
        open.countDown();
    }

    private Publisher publisher() {
        Codec codec = new Codec(new FileBlobStore(dir), 1_000, 1 << 20, "urn:test");
        return new Publisher(codec, new TopicLayout("test"), producer, this::partition, BOUND);
    }

    /** As asking brokers that are away. */
    private int partition(Message message) {
        if (shortOfMemory) {
            throw new OutOfMemoryError("Java heap space");
        }
        if (blocked) {
            try {
                open.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return 0;
    }

    private static List<CompletableFuture<EventRef>> fill(Publisher publisher) {
        List<CompletableFuture<EventRef>> taken = new ArrayList<>();
        Optional<CompletionStage<EventRef>> next = publisher.offer(MessageSamples.metric(0.5));
        while (next.isPresent()) {
            taken.add(next.get().toCompletableFuture());
            next = publisher.offer(MessageSamples.metric(0.5));
        }
        return taken;
    }

    @Test
    void offersAreTakenUntilTheBytesAreThereAndAgainWhenTheBrokersHoldThem() throws Exception {
        Publisher publisher = publisher();
        List<CompletableFuture<EventRef>> taken = fill(publisher);
        assertThat(taken).hasSizeBetween(3, (int) BOUND);
        CompletableFuture<EventRef> must =
                publisher.publish(MessageSamples.metric(0.5)).toCompletableFuture();
        assertThat(must).isNotDone();
        publisher.close(Duration.ofMinutes(1));
        boolean more = producer.completeNext();
        while (more) {
            more = producer.completeNext();
        }
        must.get(1, TimeUnit.MINUTES);
        assertThat(taken).allMatch(f -> f.isDone() && !f.isCompletedExceptionally());
        assertThat(publisher.offer(MessageSamples.metric(0.5))).isPresent();
    }

    @Test
    void publishingFailsInsteadOfWaitingWhenFarTooMuchWaits() {
        blocked = true;
        Publisher publisher = publisher();
        List<CompletableFuture<EventRef>> all = new ArrayList<>();
        while (all.isEmpty() || !all.get(all.size() - 1).isDone()) {
            all.add(publisher.publish(MessageSamples.metric(0.5)).toCompletableFuture());
            assertThat(all).hasSizeLessThan((int) BOUND);
        }
        assertThatThrownBy(all.get(all.size() - 1)::get)
                .hasRootCauseInstanceOf(RejectedExecutionException.class)
                .hasMessageContaining("wait for the brokers already");
        publisher.close(SOON);
    }

    @Test
    void aMessageForWhichThereIsNoMemoryFailsAndTheNextIsSent() throws Exception {
        Publisher publisher = publisher();
        shortOfMemory = true;
        CompletableFuture<EventRef> first =
                publisher.publish(MessageSamples.metric(0.5)).toCompletableFuture();
        assertThatThrownBy(() -> first.get(1, TimeUnit.MINUTES)).hasRootCauseInstanceOf(OutOfMemoryError.class);
        shortOfMemory = false;
        CompletableFuture<EventRef> second =
                publisher.publish(MessageSamples.metric(0.5)).toCompletableFuture();
        publisher.close(Duration.ofMinutes(1));
        assertThat(producer.completeNext()).isTrue();
        second.get(1, TimeUnit.MINUTES);
    }

    @Test
    void nothingStaysUncompletedWhenItIsClosed() throws Exception {
        blocked = true;
        Publisher publisher = publisher();
        List<CompletableFuture<EventRef>> taken = fill(publisher);
        publisher.close(SOON);
        taken.add(publisher.publish(MessageSamples.metric(0.5)).toCompletableFuture());
        for (CompletableFuture<EventRef> place : taken) {
            assertThat(place.<String>handle((ref, failure) -> failure == null ? "held" : "failed")
                            .get(1, TimeUnit.MINUTES))
                    .isEqualTo("failed");
        }
        assertThat(producer.history()).isEmpty();
    }
}
