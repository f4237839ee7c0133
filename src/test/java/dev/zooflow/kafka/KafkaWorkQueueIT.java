package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.FileBlobStore;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.Role;
import dev.zooflow.message.Task;
import dev.zooflow.message.Topic;
import dev.zooflow.message.WorkQueue.Delivery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

// Subscriptions are there to be closed.
@SuppressWarnings("try")
class KafkaWorkQueueIT {

    private static final Duration LOCK = Duration.ofMillis(1500);
    private static final int ATTEMPTS = 2;

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;

    private KafkaSettings settings;
    private String topic;
    private KafkaEventLog log;
    private KafkaWorkQueue queue;
    private DeadLetterBox letters;
    private final BlockingQueue<Delivery> deliveries = new LinkedBlockingQueue<>();

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start(directory.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    // Topics and groups of its own for each test.
    @BeforeEach
    void open(TestInfo test) {
        String prefix = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        settings = new KafkaSettings(broker.bootstrapServers(), prefix, LOCK, 1 << 16, 1 << 27, ATTEMPTS, Map.of());
        Topics.prepare(settings);
        topic = Topic.TASKS_TRAINER.name(prefix);
        log = new KafkaEventLog(settings, blobs());
        queue = new KafkaWorkQueue(settings, blobs());
        letters = new DeadLetterBox(settings);
    }

    private static FileBlobStore blobs() {
        return new FileBlobStore(directory.resolve("blobs"));
    }

    @AfterEach
    void close() {
        queue.close();
        log.close();
    }

    private void submit(String flow) throws Exception {
        done(log.publish(new Task.TrainFlow(MessageSamples.RUN, "seed = 1", flow)));
    }

    private static <T> T done(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private Delivery next() throws Exception {
        Delivery delivery = deliveries.poll(20, TimeUnit.SECONDS);
        if (delivery == null) {
            throw new TimeoutException("no task came");
        }
        return delivery;
    }

    private static void assertDelivery(Delivery delivery, String flow, int attempt) {
        assertThat(delivery.task()).isEqualTo(new Task.TrainFlow(MessageSamples.RUN, "seed = 1", flow));
        assertThat(delivery.attempt()).isEqualTo(attempt);
        assertThat(delivery.lastAttempt()).isEqualTo(attempt == ATTEMPTS);
    }

    private void assertSilence(Duration time) throws Exception {
        assertThat(deliveries.poll(time.toMillis(), TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void tasksComeOneAtATimeAndAreForgottenWhenAccepted() throws Exception {
        submit("a");
        submit("b");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            Delivery a = next();
            assertDelivery(a, "a", 1);
            assertSilence(Duration.ofMillis(300));
            done(a.accept());
            Delivery b = next();
            assertDelivery(b, "b", 1);
            done(b.accept());
            assertThatThrownBy(() -> done(b.release())).hasMessageContaining("answered before: accept");
        }
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            assertSilence(LOCK.plusMillis(500));
        }
        assertThat(letters.reasons(topic)).isEmpty();
    }

    @Test
    void aTaskWhosePayloadIsInAStoreThatIsAwayIsHeldUntilItIsBack() throws Exception {
        String experiment = "seed = 1 //".repeat(10_000);
        done(log.publish(new Task.TrainFlow(MessageSamples.RUN, experiment, "large")));
        Path blobs = directory.resolve("blobs");
        Path aside = directory.resolve("aside");
        Files.move(blobs, aside);
        Files.writeString(blobs, "away");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            assertSilence(LOCK.multipliedBy(2));
            Files.delete(blobs);
            Files.move(aside, blobs);
            Delivery delivery = next();
            assertThat(delivery.task()).isEqualTo(new Task.TrainFlow(MessageSamples.RUN, experiment, "large"));
            assertThat(delivery.attempt()).isEqualTo(1);
            done(delivery.accept());
        }
        assertThat(letters.reasons(topic)).isEmpty();
    }

    @Test
    void aTaskThatOutlivesItsLockIsDeliveredOnce() throws Exception {
        submit("long");
        try (EventLog.Subscription mine = queue.consume(Role.TRAINER, deliveries::add);
                EventLog.Subscription others = queue.consume(Role.TRAINER, deliveries::add)) {
            Delivery delivery = next();
            assertSilence(LOCK.multipliedBy(5));
            done(delivery.accept());
            assertDelivery(delivery, "long", 1);
            assertSilence(LOCK);
        }
    }

    // A share consumer that fetches ahead while it renews would hold a task that the idle worker could do.
    @Test
    void aWorkerThatRenewsLeavesTheOtherTasksToIdleOnes() throws Exception {
        try (EventLog.Subscription one = queue.consume(Role.TRAINER, deliveries::add);
                EventLog.Subscription two = queue.consume(Role.TRAINER, deliveries::add)) {
            submit("long");
            Delivery busy = next();
            assertSilence(LOCK);
            for (int i = 0; i < 20; i++) {
                submit("short-" + i);
                Delivery idle = deliveries.poll(LOCK.toMillis() / 2, TimeUnit.MILLISECONDS);
                assertThat(idle).as("task %d is with the idle worker", i).isNotNull();
                assertDelivery(idle, "short-" + i, 1);
                done(idle.accept());
                Thread.sleep(LOCK.toMillis() / 20);
            }
            done(busy.accept());
        }
    }

    @Test
    void aReleasedTaskComesBackAndAfterItsLastAttemptToBeGivenUp() throws Exception {
        submit("a");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            Delivery first = next();
            assertDelivery(first, "a", 1);
            done(first.release());
            Delivery second = next();
            assertDelivery(second, "a", 2);
            done(second.release());
            Delivery dead = next();
            assertThat(dead.exhausted()).isTrue();
            done(dead.reject("none ended"));
        }
        assertThat(letters.reasons(topic)).containsExactly("none ended");
    }

    @Test
    void aRejectedTaskIsADeadLetterWithItsReason() throws Exception {
        submit("a");
        submit("b");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            done(next().reject("no such flow"));
            done(next().accept());
        }
        assertThat(letters.reasons(topic)).containsExactly("no such flow");
    }

    @Test
    void aForgedDeadLetterIsNotReplayedToAnotherTopic() throws Exception {
        TopicPartition dead = new TopicPartition(TopicLayout.deadLetters(topic), 0);
        letters.poison(
                dead,
                "k",
                Map.of(DeadLetters.TOPIC, "payroll", DeadLetters.PARTITION, "0", DeadLetters.OFFSET, "1"),
                "x");
        letters.poison(
                dead, "k", Map.of(DeadLetters.TOPIC, topic, DeadLetters.PARTITION, "-", DeadLetters.OFFSET, "1"), "x");
        try (LetterBox box = new LetterBox(settings)) {
            assertThat(box.list()).extracting(LetterBox.Letter::id).containsExactly("payroll/0/1", topic + "/-/1");
            for (LetterBox.Letter letter : box.list()) {
                assertThatThrownBy(() -> box.replay(letter.id(), Optional.empty()))
                        .isInstanceOf(UserError.class)
                        .hasMessageContainingAll(letter.id(), "none of our topics", "Maybe");
            }
        }
    }

    @Test
    void aHandlerThatThrowsReleases() throws Exception {
        submit("a");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, delivery -> {
            deliveries.add(delivery);
            if (delivery.attempt() == 1) {
                throw new IllegalArgumentException("on purpose");
            }
        })) {
            assertDelivery(next(), "a", 1);
            Delivery second = next();
            assertDelivery(second, "a", 2);
            done(second.accept());
        }
    }

    @Test
    void closingHandsBackTheTaskAtHand() throws Exception {
        submit("a");
        Delivery first;
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            first = next();
        }
        assertThatThrownBy(() -> done(first.accept())).hasMessageContaining("answered before: release");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            Delivery second = next();
            assertDelivery(second, "a", 2);
            done(second.accept());
        }
    }

    @Test
    void aWorkerThatLostItsLockIsFenced() throws Exception {
        submit("a");
        try (TaskLock stalled = lock()) {
            ConsumerRecord<byte[], byte[]> record = take(stalled);
            try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
                Delivery second = next();
                assertDelivery(second, "a", 2);
                assertThatThrownBy(() -> stalled.settle(record, AcknowledgeType.ACCEPT))
                        .isInstanceOf(InvalidRecordStateException.class);
                done(second.accept());
            }
        }
    }

    @Test
    void aLockThatIsLostCanNotBeRenewed() throws Exception {
        submit("a");
        try (TaskLock stalled = lock()) {
            ConsumerRecord<byte[], byte[]> record = take(stalled);
            assertThat(stalled.renew(record)).isEqualTo(TaskLock.Renewal.HELD);
            try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
                Delivery second = next();
                assertThat(stalled.renew(record)).isEqualTo(TaskLock.Renewal.LOST);
                done(second.accept());
            }
        }
    }

    @Test
    void aTaskWhoseWorkersAllDiedIsADeadLetter() throws Exception {
        submit("a");
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            // Closing without an answer ends the attempt as the death of a worker does, but sooner.
            try (TaskLock dying = lock()) {
                assertThat(take(dying).deliveryCount()).contains((short) attempt);
            }
        }
        submit("b");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            Delivery dead = next();
            assertThat(dead.attempt()).isEqualTo(ATTEMPTS + 1);
            assertThat(dead.exhausted()).isTrue();
            done(dead.reject("none ended"));
            Delivery b = next();
            assertDelivery(b, "b", 1);
            assertThat(b.exhausted()).isFalse();
            done(b.accept());
        }
        assertThat(letters.reasons(topic)).containsExactly("none ended");
    }

    private TaskLock lock() {
        TopicLayout layout = new TopicLayout(settings.prefix());
        return new TaskLock(new KafkaClients(settings).shareConsumer(layout.group(Role.TRAINER)), topic, LOCK);
    }

    private static ConsumerRecord<byte[], byte[]> take(TaskLock lock) {
        return lock.next(Duration.ofSeconds(20)).orElseThrow();
    }

    @Test
    void poisonDoesNotStopTheQueue() throws Exception {
        TopicPartition place = new TopicPartition(topic, 0);
        letters.poison(place, null, Map.of(), "no key");
        letters.poison(place, "r/train/x", Map.of("ce_specversion", "1.0", "ce_type", "dev.zooflow.nonsense.v1"), "{}");
        letters.poison(
                place,
                "r/completed",
                Map.of("ce_specversion", "1.0", "ce_type", "dev.zooflow.run-completed.v1", "ce_id", "r/completed"),
                "{\"run\":\"r\",\"failed\":[],\"seconds\":1}");
        submit("a");
        try (EventLog.Subscription s = queue.consume(Role.TRAINER, deliveries::add)) {
            Delivery a = next();
            assertDelivery(a, "a", 1);
            done(a.accept());
        }
        assertThat(letters.reasons(topic))
                .satisfiesExactly(
                        r -> assertThat(r).contains("key is missing"),
                        r -> assertThat(r).contains("dev.zooflow.nonsense.v1"),
                        r -> assertThat(r).contains("RunCompleted belongs on"));
    }
}
