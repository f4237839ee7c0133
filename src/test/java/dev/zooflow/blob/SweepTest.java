package dev.zooflow.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.FileBlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {

    private static final BlobName NAME = new BlobName("states/run-1/train/a");

    @TempDir
    private Path root;

    private final Instant limit = Instant.now().minus(Duration.ofHours(1));
    private BlobStore blobs;
    private BlobRef referenced;
    private BlobRef named;
    private BlobRef loose;
    private BlobRef young;

    @BeforeEach
    void fill() throws IOException {
        blobs = new FileBlobStore(root);
        referenced = old("referenced");
        named = old("named");
        loose = old("loose");
        young = blobs.put(bytes("young"));
        blobs.point(NAME, new BlobPointer(1, List.of(named)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private BlobRef old(String text) throws IOException {
        BlobRef ref = blobs.put(bytes(text));
        Path file =
                root.resolve(ref.sha256().substring(0, 2)).resolve(ref.sha256().substring(2));
        Files.setLastModifiedTime(file, FileTime.from(limit.minusSeconds(60)));
        return ref;
    }

    private Set<String> references() {
        return Set.of(referenced.sha256(), "0".repeat(64));
    }

    private boolean isThere(BlobRef ref) {
        return Files.exists(
                root.resolve(ref.sha256().substring(0, 2)).resolve(ref.sha256().substring(2)));
    }

    @Test
    void whatNothingRefersToIsFreedOnceItIsOld() throws IOException {
        Sweep.Outcome outcome = Sweep.begin(blobs, limit).end(references(), name -> false, false);
        assertThat(blobs.get(referenced)).isEqualTo(bytes("referenced"));
        assertThat(blobs.get(named)).isEqualTo(bytes("named"));
        assertThat(blobs.get(young)).isEqualTo(bytes("young"));
        assertThat(isThere(loose)).isFalse();
        assertThat(outcome.all()).isEqualTo(new Sweep.Tally(4, 10 + 5 + 5 + 5));
        assertThat(outcome.freed()).isEqualTo(new Sweep.Tally(1, 5));
        assertThat(outcome.young()).isEqualTo(new Sweep.Tally(1, 5));
    }

    @Test
    void aDryRunSaysTheSameAndFreesNothing() throws IOException {
        Sweep.Outcome dry = Sweep.begin(blobs, limit).end(references(), NAME::equals, true);
        assertThat(dry.freed()).isEqualTo(new Sweep.Tally(2, 10));
        assertThat(dry.hashes()).containsExactlyInAnyOrder(named.sha256(), loose.sha256());
        assertThat(blobs.list()).hasSize(4);
        assertThat(blobs.pointer(NAME)).isPresent();
        assertThat(Sweep.begin(blobs, limit).end(references(), NAME::equals, false))
                .isEqualTo(dry);
        assertThat(blobs.pointer(NAME)).isEmpty();
        assertThat(isThere(named)).isFalse();
    }

    @Test
    void whatIsPutAgainWhileReferencesAreReadStays() throws IOException {
        Sweep sweep = Sweep.begin(blobs, limit);
        blobs.put(bytes("loose"));
        assertThat(sweep.end(references(), name -> false, false).freed().blobs())
                .isZero();
        assertThat(blobs.get(loose)).isEqualTo(bytes("loose"));
    }

    @Test
    void whatIsNamedWhileReferencesAreReadStays() throws IOException {
        Sweep sweep = Sweep.begin(blobs, limit);
        blobs.point(new BlobName("states/run-2/train/a"), new BlobPointer(1, List.of(loose)));
        assertThat(sweep.end(references(), name -> false, false).freed().blobs())
                .isZero();
    }

    @Test
    void aNameThatCanNotBeReadEndsTheSweepBeforeAnythingIsFreed() throws IOException {
        Files.writeString(root.resolve("names").resolve(NAME.value()), "x");
        Sweep sweep = Sweep.begin(blobs, limit);
        assertThatThrownBy(() -> sweep.end(references(), name -> false, false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(NAME.value());
        assertThat(isThere(loose)).isTrue();
    }
}
