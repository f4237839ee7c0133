package dev.zooflow.actor;

import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A blob store in memory. */
final class InMemoryBlobStore implements BlobStore {

    private final Map<BlobRef, byte[]> blobs = new ConcurrentHashMap<>();

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
}
