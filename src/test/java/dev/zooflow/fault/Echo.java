package dev.zooflow.fault;

import dev.zooflow.kafka.KafkaSettings;
import dev.zooflow.message.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Repeats every record of every topic twice, in another order, as long as it is open: events and tasks alike. */
final class Echo implements AutoCloseable {

    private static final String MARK = "echo";
    private static final Duration WINDOW = Duration.ofMillis(700);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random;
    private final Thread thread;
    private volatile boolean closed;
    private final AtomicLong copies = new AtomicLong();

    Echo(KafkaSettings settings, long seed) {
        consumer = Evidence.consumer(settings);
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", settings.bootstrapServers(), "max.request.size", 4 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        random = new Random(seed);
        Evidence.assign(
                consumer,
                Arrays.stream(Topic.values())
                        .map(t -> t.name(settings.prefix()))
                        .toList());
        thread = new Thread(this::run, "echo");
        thread.start();
    }

    private void run() {
        while (!closed) {
            repeat(window());
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> window() {
        List<ConsumerRecord<byte[], byte[]>> window = new ArrayList<>();
        long end = System.nanoTime() + WINDOW.toNanos();
        while (!closed && System.nanoTime() < end) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                if (record.headers().lastHeader(MARK) == null) {
                    window.add(record);
                }
            });
        }
        return window;
    }

    private void repeat(List<ConsumerRecord<byte[], byte[]>> window) {
        List<ConsumerRecord<byte[], byte[]>> twice = new ArrayList<>(window);
        twice.addAll(window);
        Collections.shuffle(twice, random);
        for (ConsumerRecord<byte[], byte[]> record : twice) {
            send(record);
        }
        producer.flush();
    }

    private void send(ConsumerRecord<byte[], byte[]> record) {
        ProducerRecord<byte[], byte[]> copy =
                new ProducerRecord<>(record.topic(), record.partition(), record.key(), record.value());
        record.headers().forEach(copy.headers()::add);
        copy.headers().add(MARK, new byte[0]);
        Future<RecordMetadata> unused = producer.send(copy, (place, failure) -> {
            if (failure == null) {
                copies.incrementAndGet();
            }
        });
    }

    /** How many records were repeated. */
    long copies() {
        return copies.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumer.close();
        producer.close(Duration.ofSeconds(5));
    }
}
