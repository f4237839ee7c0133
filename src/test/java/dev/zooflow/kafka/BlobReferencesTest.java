package dev.zooflow.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.message.BlobRef;
import dev.zooflow.message.Envelope;
import dev.zooflow.message.FileBlobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlobReferencesTest {

    private static final String ONE = "0123456789abcdef".repeat(4);
    private static final String TWO = "fedcba9876543210".repeat(4);

    @TempDir
    private Path root;

    private static Set<String> scan(String text) {
        Set<String> found = new HashSet<>();
        BlobReferences.scan(text.getBytes(StandardCharsets.UTF_8), found);
        return found;
    }

    @Test
    void whatLooksLikeAHashIsOne() {
        assertThat(scan(ONE)).containsExactly(ONE);
        assertThat(scan(ONE + ":17")).containsExactly(ONE);
        assertThat(scan("{\"model\":{\"sha256\":\"%s\",\"size\":1},\"x\":\"%s\"}".formatted(ONE, TWO)))
                .containsExactlyInAnyOrder(ONE, TWO);
    }

    private static ConsumerRecord<byte[], byte[]> claim(BlobRef payload) {
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("flows", 0, 0, new byte[0], new byte[0]);
        String text = payload.sha256() + ":" + payload.size();
        record.headers().add(Envelope.BLOB, text.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    @Test
    void aPayloadThatIsMissingRefersToNothingAndOneThatCanNotBeReadEndsTheSearch() throws IOException {
        BlobReferences references = new BlobReferences(
                new KafkaSettings("localhost:1", "zooflow", Duration.ofSeconds(30), 1 << 16, 1 << 27, 3, Map.of()),
                new FileBlobStore(root));
        BlobRef payload = new FileBlobStore(root).put(TWO.getBytes(StandardCharsets.UTF_8));
        Set<String> found = new HashSet<>();
        references.collect(claim(payload), found);
        assertThat(found).containsExactlyInAnyOrder(payload.sha256(), TWO);

        Path file = root.resolve(payload.sha256().substring(0, 2))
                .resolve(payload.sha256().substring(2));
        Files.delete(file);
        found.clear();
        references.collect(claim(payload), found);
        assertThat(found).containsExactly(payload.sha256());

        Files.createDirectories(file);
        BlobRef unreadable = new BlobRef(payload.sha256(), Files.size(file));
        assertThatThrownBy(() -> references.collect(claim(unreadable), found))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("can't be read");
    }

    @Test
    void whatIsLongerOrShorterOrInCapitalsIsNone() {
        assertThat(scan(ONE + "0")).isEmpty();
        assertThat(scan(ONE.substring(1))).isEmpty();
        assertThat(scan(ONE.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(scan("")).isEmpty();
        Set<String> none = new HashSet<>();
        BlobReferences.scan(null, none);
        assertThat(none).isEmpty();
    }
}
