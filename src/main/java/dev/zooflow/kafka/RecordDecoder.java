package dev.zooflow.kafka;

import dev.zooflow.message.Codec;
import dev.zooflow.message.MalformedMessageException;
import dev.zooflow.message.Message;
import java.io.IOException;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes records and checks that they stand on the topic they belong on. */
record RecordDecoder(Codec codec, TopicLayout layout) {

    /**
     * The message in a record.
     *
     * @throws MalformedMessageException when there is none, or it stands on the wrong topic
     * @throws IOException when its payload can't be fetched from the blob store, or there is no memory for it now
     */
    Message decode(ConsumerRecord<byte[], byte[]> record) throws MalformedMessageException, IOException {
        Message message;
        try {
            message = codec.decode(Records.read(record));
        } catch (RuntimeException e) {
            // A check that the codec forgot. Whatever stands in a record must not end the thread that reads it.
            throw new MalformedMessageException("record can't be decoded: " + e, e);
        } catch (OutOfMemoryError e) {
            throw new IOException("there is no memory for it (%s). Maybe raise -Xmx?".formatted(e.getMessage()), e);
        }
        String topic = layout.name(message.topic());
        if (!topic.equals(record.topic())) {
            throw new MalformedMessageException(
                    "%s belongs on %s, not on %s".formatted(message.getClass().getSimpleName(), topic, record.topic()));
        }
        return message;
    }
}
