package dev.zooflow.actor;

import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.LostBlobException;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.StoredBlob;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A blob store in memory. */
final class InMemoryBlobStore implements BlobStore {

    private final Map<BlobRef, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<BlobName, BlobPointer> names = new ConcurrentHashMap<>();

    private volatile boolean away;
    private volatile boolean withoutBlobs;

    /** Whether names and blobs can't be read. */
    void away(boolean is) {
        away = is;
        withoutBlobs = is;
    }

    /** Whether blobs can't be read, but names can. */
    void withoutBlobs(boolean is) {
        withoutBlobs = is;
    }

    private static void require(boolean there) throws StoreUnavailableException {
        if (!there) {
            throw new StoreUnavailableException("store is away. Maybe wait?", new IOException("stale"));
        }
    }

    /** The blobs that are there. */
    Set<BlobRef> all() {
        return Set.copyOf(blobs.keySet());
    }

    @Override
    public BlobRef put(byte[] bytes) {
        BlobRef ref = BlobRef.of(bytes);
        blobs.put(ref, bytes.clone());
        return ref;
    }

    @Override
    public byte[] get(BlobRef ref) throws IOException {
        require(!withoutBlobs);
        byte[] bytes = blobs.get(ref);
        if (bytes == null) {
            throw new LostBlobException("blob (%s) is missing".formatted(ref.sha256()));
        }
        return bytes.clone();
    }

    @Override
    public void delete(BlobRef ref) {
        blobs.remove(ref);
    }

    @Override
    public void point(BlobName name, BlobPointer pointer) {
        names.put(name, pointer);
    }

    @Override
    public Optional<BlobPointer> pointer(BlobName name) throws IOException {
        require(!away);
        return Optional.ofNullable(names.get(name));
    }

    @Override
    public void forget(BlobName name) {
        names.remove(name);
    }

    /** All as old as can be. */
    @Override
    public List<StoredBlob> list() {
        return blobs.keySet().stream()
                .map(ref -> new StoredBlob(ref, Instant.EPOCH))
                .toList();
    }

    @Override
    public List<BlobName> names() {
        return List.copyOf(names.keySet());
    }

    @Override
    public boolean deleteIfOlder(BlobRef ref, Instant than) {
        delete(ref);
        return true;
    }

    @Override
    public void tidy(Instant before) {}
}
