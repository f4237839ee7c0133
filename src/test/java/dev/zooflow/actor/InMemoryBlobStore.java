package dev.zooflow.actor;

import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A blob store in memory. */
final class InMemoryBlobStore implements BlobStore {

    private final Map<BlobRef, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<BlobName, BlobPointer> names = new ConcurrentHashMap<>();

    /** The blobs that are there. */
    Set<BlobRef> all() {
        return Set.copyOf(blobs.keySet());
    }

    @Override
    public BlobRef put(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            BlobRef ref = new BlobRef(HexFormat.of().formatHex(hash), bytes.length);
            blobs.put(ref, bytes.clone());
            return ref;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] get(BlobRef ref) throws IOException {
        byte[] bytes = blobs.get(ref);
        if (bytes == null) {
            throw new IOException("blob (%s) is missing".formatted(ref.sha256()));
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
    public Optional<BlobPointer> pointer(BlobName name) {
        return Optional.ofNullable(names.get(name));
    }

    @Override
    public void forget(BlobName name) {
        names.remove(name);
    }
}
