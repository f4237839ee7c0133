package dev.zooflow.kafka;

import dev.zooflow.experiment.RunId;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.MalformedMessageException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Utils;

/** Kafka's records and our envelopes, each as the other. */
final class Records {

    private Records() {}

    /** The partition of a run: the one that Kafka's own partitioner gives to records keyed by the run's name. */
    static int partition(RunId run, int partitions) {
        byte[] key = run.value().getBytes(StandardCharsets.UTF_8);
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    static ProducerRecord<byte[], byte[]> write(Envelope envelope, String topic, int partition) {
        byte[] key = envelope.key().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, key, envelope.body());
        envelope.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    /** Sends; {@code held} is completed with the place of the record once the brokers hold it. */
    static void send(
            Producer<byte[], byte[]> producer,
            ProducerRecord<byte[], byte[]> record,
            CompletableFuture<RecordMetadata> held) {
        Future<RecordMetadata> unused = producer.send(record, (metadata, e) -> {
            if (e == null) {
                held.complete(metadata);
            } else {
                held.completeExceptionally(e);
            }
        });
    }

    static Envelope read(ConsumerRecord<byte[], byte[]> record) throws MalformedMessageException {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), text(header.value(), header.key()));
        }
        if (record.value() == null) {
            throw new MalformedMessageException("record has no value");
        }
        return new Envelope(text(record.key(), "key"), headers, record.value());
    }

    private static String text(byte[] bytes, String what) throws MalformedMessageException {
        if (bytes == null) {
            throw new MalformedMessageException(what + " is missing");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException(what + " is not UTF-8", e);
        }
    }

    /** Whether a record belongs to a run, or to none because its key is malformed; told without decoding it. */
    static boolean concerns(RunId run, ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return true;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return key.startsWith(Codec.keyPrefix(run)) || key.indexOf('/') < 0;
    }
}
