package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.Codec;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.LostBlobException;
import dev.zooflow.message.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs that records refer to, on all topics and their dead-letter topics. Nothing is decoded: whatever looks like a
 * SHA-256 in a header or a JSON payload counts, so that records of other versions, and those that nobody can read until they
 * are mended, keep what they refer to.
 */
public final class BlobReferences {

    private static final Logger LOG = LoggerFactory.getLogger(BlobReferences.class);
    private static final int DIGITS = 64;

    private final KafkaClients clients;
    private final TopicLayout layout;
    private final String servers;
    private final BlobStore blobs;

    /**
     * Connects lazily.
     *
     * @param blobs where payloads above the inline limit are
     */
    public BlobReferences(KafkaSettings settings, BlobStore blobs) {
        this.clients = new KafkaClients(settings);
        this.layout = new TopicLayout(settings.prefix());
        this.servers = settings.bootstrapServers();
        this.blobs = blobs;
    }

    /**
     * SHA-256 of every blob that a record refers to which stands in a topic now.
     *
     * @throws IOException when a payload lies in a blob store and can't be read, so that nobody knows what it refers to
     * @throws UserError of infrastructure when the brokers can't be read
     */
    public Set<String> all() throws IOException {
        Set<String> found = new HashSet<>();
        try (PlaceReader reader = new PlaceReader(clients)) {
            for (TopicPartition place : places()) {
                reader.readAll(place, record -> collect(record, found));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (KafkaException e) {
            throw UserError.infrastructure(
                    "bootstrap-servers (%s): %s. Maybe the brokers are down?".formatted(servers, e.getMessage()), e);
        }
        return found;
    }

    private List<TopicPartition> places() {
        try (Consumer<byte[], byte[]> consumer = clients.consumer()) {
            return Stream.of(Topic.values())
                    .map(layout::name)
                    .flatMap(name -> Stream.of(name, TopicLayout.deadLetters(name)))
                    .flatMap(name -> consumer.partitionsFor(name).stream())
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
        }
    }

    /**
     * Collects what one record refers to.
     *
     * @throws UncheckedIOException when its payload can't be read
     */
    void collect(ConsumerRecord<byte[], byte[]> record, Set<String> found) {
        for (Header header : record.headers()) {
            scan(header.value(), found);
        }
        if (!isWeights(record)) {
            scan(record.value(), found);
            claimed(record).ifPresent(payload -> scan(payload, found));
        }
    }

    private static boolean isWeights(ConsumerRecord<byte[], byte[]> record) {
        return text(record, Envelope.CONTENT_TYPE)
                .filter(Codec.SAFETENSORS::equals)
                .isPresent();
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> record, String name) {
        return Optional.ofNullable(record.headers().lastHeader(name))
                .map(Header::value)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /** The payload of a record that is in the blob store, where it may refer to others. */
    private Optional<byte[]> claimed(ConsumerRecord<byte[], byte[]> record) {
        try {
            Optional<BlobRef> claim = text(record, Envelope.BLOB).flatMap(Codec::claim);
            return claim.isPresent() ? Optional.of(blobs.get(claim.get())) : Optional.empty();
        } catch (LostBlobException e) {
            LOG.warn("what {}/{} refers to is lost: {}", record.topic(), record.offset(), e.getMessage());
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Collects every run of exactly 64 lower-case hexadecimal digits. */
    static void scan(byte[] bytes, Set<String> found) {
        int length = bytes == null ? 0 : bytes.length;
        int begin = 0;
        for (int i = 0; i <= length; i++) {
            if (i == length || !isDigit(bytes[i])) {
                if (i - begin == DIGITS) {
                    found.add(new String(bytes, begin, DIGITS, StandardCharsets.US_ASCII));
                }
                begin = i + 1;
            }
        }
    }

    private static boolean isDigit(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'f');
    }
}
