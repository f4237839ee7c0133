package dev.zooflow.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.FileBlobStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreOwnerTest {

    private static final StoreOwner OURS = new StoreOwner("cluster a with kafka.prefix zooflow");
    private static final StoreOwner THEIRS = new StoreOwner("cluster a with kafka.prefix other");

    @TempDir
    private Path dir;

    @Test
    void whoComesFirstKeepsTheStore() {
        BlobStore store = new FileBlobStore(dir);
        assertThat(OURS.owns(store)).isFalse();

        OURS.claim(store);
        OURS.claim(store);

        assertThat(OURS.owns(store)).isTrue();
        assertThatThrownBy(() -> THEIRS.claim(store))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("belong to cluster a with kafka.prefix zooflow, not to")
                .hasMessageContaining("Maybe");
        assertThat(OURS.owns(store)).isTrue();
    }

    @Test
    void aSweepLeavesTheMark() throws Exception {
        BlobStore store = new FileBlobStore(dir);
        OURS.claim(store);
        store.put(new byte[] {1});

        Instant limit = Instant.now().plus(Duration.ofHours(1));
        assertThat(Sweep.begin(store, limit)
                        .end(Set.of(), name -> false, false)
                        .freed()
                        .blobs())
                .isEqualTo(1);

        assertThat(OURS.owns(store)).isTrue();
    }
}
