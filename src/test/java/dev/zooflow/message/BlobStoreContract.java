package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every blob store keeps to. */
public abstract class BlobStoreContract {

    // printf abc | sha256sum
    protected static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    /** Another view of the same store. */
    protected abstract BlobStore store();

    /** Puts other content, or none for null, where the object of this path below the store is. */
    protected abstract void damage(String path, String content) throws IOException;

    /** Puts this content where no object is, below the store. */
    protected abstract void leave(String path, String content) throws IOException;

    /** Makes the object of this path as old as this. */
    protected abstract void age(String path, Duration age) throws IOException;

    protected static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    protected static String path(BlobRef ref) {
        return ref.sha256().substring(0, 2) + "/" + ref.sha256().substring(2);
    }

    private static Instant ago(Duration age) {
        return Instant.now().minus(age);
    }

    @Test
    void whatIsPutIsGotByItsHash() throws Exception {
        assertThat(store().put(bytes("abc"))).isEqualTo(new BlobRef(ABC, 3));
        assertThat(store().get(new BlobRef(ABC, 3))).isEqualTo(bytes("abc"));
        assertThat(store().get(store().put(new byte[0]))).isEmpty();
    }

    @Test
    void damageIsFoundAndMended() throws Exception {
        BlobRef ref = store().put(bytes("abc"));
        damage(path(ref), "abd");
        assertThatThrownBy(() -> store().get(ref))
                .isInstanceOf(LostBlobException.class)
                .hasMessageContainingAll(path(ref), "SHA-256", "Maybe");
        damage(path(ref), "ab");
        assertThatThrownBy(() -> store().get(ref))
                .isInstanceOf(LostBlobException.class)
                .hasMessageContainingAll(path(ref), "3 bytes", "Maybe");
        store().put(bytes("abc"));
        assertThat(store().get(ref)).isEqualTo(bytes("abc"));
    }

    @Test
    void aMissingBlobIsReported() throws Exception {
        store().put(bytes("another"));
        BlobRef ref = new BlobRef(ABC, 3);
        assertThatThrownBy(() -> store().get(ref))
                .isInstanceOf(LostBlobException.class)
                .hasMessageContainingAll(path(ref), "missing", "Maybe");
    }

    @Test
    void aBlobIsDeletedAndDeletingItAgainIsNothing() throws Exception {
        BlobRef ref = store().put(bytes("abc"));
        store().delete(ref);
        assertThatThrownBy(() -> store().get(ref)).hasMessageContaining("missing");
        store().delete(ref);
    }

    @Test
    void namesPointAndForget() throws Exception {
        BlobName name = new BlobName("states/run-1/train/a");
        assertThat(store().pointer(name)).isEmpty();
        BlobRef ref = store().put(bytes("abc"));
        store().point(name, new BlobPointer(1, List.of(ref)));
        store().point(name, new BlobPointer(2, List.of()));
        assertThat(store().pointer(name)).contains(new BlobPointer(2, List.of()));
        store().point(new BlobName("states/run-2/train/a"), new BlobPointer(7, List.of(ref)));
        assertThat(store().names())
                .extracting(BlobName::value)
                .containsExactlyInAnyOrder("states/run-1/train/a", "states/run-2/train/a");
        store().forget(name);
        store().forget(name);
        assertThat(store().pointer(name)).isEmpty();
        assertThat(store().names()).hasSize(1);
        assertThat(store().get(ref)).isEqualTo(bytes("abc"));
    }

    @Test
    void whatIsNoNameIsPassedOver() throws Exception {
        BlobName name = new BlobName("states/run-1/train/a");
        store().point(name, new BlobPointer(1, List.of()));
        leave("names/states/.nfs0000001", "x");
        leave("names/.DS_Store", "x");
        leave("names/states/Some File", "x");
        assertThat(store().names()).containsExactly(name);
    }

    @Test
    void aDamagedNameIsReported() throws Exception {
        BlobName name = new BlobName("states/run-1/train/a");
        store().point(name, new BlobPointer(1, List.of()));
        damage("names/" + name, "generation");
        assertThatThrownBy(() -> store().pointer(name))
                .isInstanceOf(LostBlobException.class)
                .hasMessageContainingAll("names/" + name, "no pointer", "Maybe");
    }

    @Test
    void allBlobsAreListedWithTheirSizeAndAge() throws Exception {
        assertThat(store().list()).isEmpty();
        List<BlobRef> refs = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            refs.add(store().put(bytes("blob " + i)));
        }
        store().point(new BlobName("states/run-1/train/a"), new BlobPointer(1, refs.subList(0, 2)));
        age(path(refs.get(3)), Duration.ofDays(2));
        assertThat(store().list()).extracting(StoredBlob::ref).containsExactlyInAnyOrderElementsOf(refs);
        assertThat(store().list()).allSatisfy(blob -> {
            Duration age = blob.ref().equals(refs.get(3)) ? Duration.ofDays(2) : Duration.ZERO;
            assertThat(blob.modified()).isBetween(ago(age.plusMinutes(5)), ago(age.minusMinutes(5)));
        });
    }

    @Test
    void anOldBlobIsDeletedUnlessItWasPutAgain() throws Exception {
        BlobRef again = store().put(bytes("again"));
        BlobRef once = store().put(bytes("once"));
        age(path(again), Duration.ofHours(3));
        age(path(once), Duration.ofHours(3));
        store().put(bytes("again"));
        assertThat(store().deleteIfOlder(again, ago(Duration.ofHours(2)))).isFalse();
        assertThat(store().deleteIfOlder(once, ago(Duration.ofHours(4)))).isFalse();
        assertThat(store().deleteIfOlder(once, ago(Duration.ofHours(2)))).isTrue();
        assertThat(store().deleteIfOlder(once, ago(Duration.ofHours(2)))).isTrue();
        assertThat(store().list()).extracting(StoredBlob::ref).containsExactly(again);
        assertThat(store().get(again)).isEqualTo(bytes("again"));
    }

    @Test
    void manyWritersOfTheSameBlobAgree() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<BlobRef>> puts = IntStream.range(0, 64)
                    .<Callable<BlobRef>>mapToObj(i -> () -> store().put(bytes("abc")))
                    .toList();
            for (Future<BlobRef> put : writers.invokeAll(puts)) {
                assertThat(put.get()).isEqualTo(new BlobRef(ABC, 3));
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(store().list()).extracting(StoredBlob::ref).containsExactly(new BlobRef(ABC, 3));
    }
}
