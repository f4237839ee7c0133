package dev.zooflow.message;

import java.io.IOException;

/** Content-addressed storage for payloads too large for a message. Accepts hashes only, never paths. Thread-safe. */
public interface BlobStore {

    /** Stores the bytes atomically; storing the same bytes again changes nothing. */
    BlobRef put(byte[] bytes) throws IOException;

    /**
     * The bytes of a blob.
     *
     * @throws IOException when it is missing, or its size or hash is not what the reference says
     */
    byte[] get(BlobRef ref) throws IOException;
}
