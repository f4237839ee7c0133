package dev.zooflow.kafka;

import dev.zooflow.kafka.QueueDelivery.Answer;
import dev.zooflow.kafka.TaskLock.Renewal;
import dev.zooflow.message.EventLog;
import dev.zooflow.message.MalformedMessageException;
import dev.zooflow.message.Message;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.Task;
import dev.zooflow.message.WorkQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the tasks of one queue, one at a time, on a daemon thread of its own. While the work goes on elsewhere, this
 * thread renews the lock.
 */
final class QueueConsumer implements EventLog.Subscription {

    private static final Logger LOG = LoggerFactory.getLogger(QueueConsumer.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final TaskLock lock;
    private final RecordDecoder decoder;
    private final DeadLetters deadLetters;
    private final int maxAttempts;
    private final Consumer<WorkQueue.Delivery> handler;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable QueueDelivery current;

    /** Starts taking; the lock is this object's from now on. */
    QueueConsumer(
            TaskLock lock,
            RecordDecoder decoder,
            DeadLetters deadLetters,
            int maxAttempts,
            Consumer<WorkQueue.Delivery> handler) {
        this.lock = lock;
        this.decoder = decoder;
        this.deadLetters = deadLetters;
        this.maxAttempts = maxAttempts;
        this.handler = handler;
        thread = new Thread(this::run, "queue-" + lock.queue());
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (lock) {
            while (!closed && !Thread.currentThread().isInterrupted()) {
                take();
            }
        } catch (KafkaException e) {
            LOG.warn("closing the consumer of {}: {}", lock.queue(), e.toString());
        }
    }

    private void take() {
        try {
            Optional<ConsumerRecord<byte[], byte[]>> record = lock.next(POLL);
            if (record.isPresent()) {
                serve(record.get());
            }
        } catch (WakeupException e) {
            // Comes from close() alone, and the loop ends.
            LOG.trace("woken up", e);
        } catch (RuntimeException e) {
            LOG.error("queue {} can't be read, trying again: {}", lock.queue(), e.toString());
            Threads.sleep(PAUSE);
        }
    }

    private void serve(ConsumerRecord<byte[], byte[]> record) {
        int attempt = record.deliveryCount().orElse((short) 1);
        try {
            if (decode(record) instanceof Task task) {
                work(record, new QueueDelivery(task, attempt, maxAttempts));
            } else {
                reject(record, "an event among tasks");
            }
        } catch (MalformedMessageException e) {
            reject(record, e.getMessage());
        } catch (IOException e) {
            LOG.warn("payload of task {}/{} can't be fetched: {}", record.topic(), record.offset(), e.getMessage());
            if (attempt > maxAttempts && !(e instanceof StoreUnavailableException)) {
                reject(record, "payload can't be fetched: " + e.getMessage());
            } else {
                lock.settle(record, AcknowledgeType.RELEASE);
            }
        }
    }

    /** Decodes a record, under its lock for as long as the blob store is away. */
    private Message decode(ConsumerRecord<byte[], byte[]> record) throws IOException, MalformedMessageException {
        long renewed = System.nanoTime();
        while (true) {
            try {
                return decoder.decode(record);
            } catch (StoreUnavailableException e) {
                LOG.warn("payload of task {}/{} is waited for: {}", record.topic(), record.offset(), e.getMessage());
                Threads.sleep(PAUSE);
                boolean due = System.nanoTime() - renewed > lock.untilRenewal().toNanos();
                if (closed || Thread.currentThread().isInterrupted() || (due && lock.renew(record) == Renewal.LOST)) {
                    throw e;
                }
                renewed = due ? System.nanoTime() : renewed;
            }
        }
    }

    // REJECT makes the broker write a dead letter that knows no reason: only when ours could not be written.
    private void reject(ConsumerRecord<byte[], byte[]> record, String reason) {
        boolean held = deadLetters.report(record, reason);
        lock.settle(record, held ? AcknowledgeType.ACCEPT : AcknowledgeType.REJECT);
    }

    private void work(ConsumerRecord<byte[], byte[]> record, QueueDelivery delivery) {
        current = delivery;
        if (closed) {
            delivery.release();
        } else {
            start(delivery);
        }
        Renewal lease = Renewal.HELD;
        Optional<Answer> answer = delivery.await(lock.untilRenewal());
        while (answer.isEmpty()) {
            // While the brokers are away the work goes on: nobody else can begin it before they are back.
            lease = lease == Renewal.LOST ? lease : lock.renew(record);
            if (lease == Renewal.LOST) {
                delivery.lose();
            }
            answer = delivery.await(lock.untilRenewal());
        }
        current = null;
        finish(record, answer.get(), lease != Renewal.LOST);
    }

    private void start(QueueDelivery delivery) {
        try {
            handler.accept(delivery);
        } catch (RuntimeException e) {
            LOG.error("handler of task {} failed", delivery.task().id(), e);
            delivery.release();
        }
    }

    private void finish(ConsumerRecord<byte[], byte[]> record, Answer answer, boolean ours) {
        try {
            if (!ours) {
                throw new IllegalStateException("the lock was lost; the task is delivered again");
            }
            if (answer.type() == AcknowledgeType.REJECT) {
                reject(record, answer.reason());
            } else {
                lock.settle(record, answer.type());
            }
            answer.done().complete(null);
        } catch (KafkaException | IllegalStateException e) {
            LOG.warn(
                    "answer {} to task {}/{} came too late: {}",
                    answer.type(),
                    record.topic(),
                    record.offset(),
                    e.toString());
            answer.done().completeExceptionally(e);
        }
    }

    /** Hands back the task at hand, unless it was answered; returns when the handler will be called no more. */
    @Override
    public void close() {
        closed = true;
        QueueDelivery delivery = current;
        if (delivery == null) {
            lock.wakeUp();
        } else {
            delivery.release();
        }
        Threads.join(thread);
    }
}
