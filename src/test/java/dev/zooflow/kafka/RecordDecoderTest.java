package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Codec;
import dev.zooflow.message.MessageSamples;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.lang.reflect.Proxy;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordDecoderTest {

    private static final TopicLayout LAYOUT = new TopicLayout("zooflow");

    /** A store that takes everything and has no memory for what it took. */
    private static BlobStore oversized() {
        return (BlobStore) Proxy.newProxyInstance(
                BlobStore.class.getClassLoader(), new Class<?>[] {BlobStore.class}, (store, method, arguments) -> {
                    if (method.getName().equals("put")) {
                        return BlobRef.of((byte[]) arguments[0]);
                    }
                    throw new OutOfMemoryError("Java heap space");
                });
    }

    @Test
    void aPayloadForWhichThereIsNoMemoryMayBeReadAnotherTime() throws IOException {
        Codec codec = new Codec(oversized(), 0, 1 << 20, "urn:test");
        String topic = LAYOUT.name(Topic.METRICS);
        ProducerRecord<byte[], byte[]> sent = Records.write(codec.encode(MessageSamples.metric(1)), topic, 0);
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(topic, 0, 0, sent.key(), sent.value());
        sent.headers().forEach(record.headers()::add);

        assertThatThrownBy(() -> new RecordDecoder(codec, LAYOUT).decode(record))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("no memory", "Java heap space");
    }
}
