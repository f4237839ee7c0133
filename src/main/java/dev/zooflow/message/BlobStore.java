package dev.zooflow.message;

import java.io.IOException;
import java.util.Optional;

/**
 * Content-addressed storage for payloads too large for a message, and names that point into it. Accepts hashes and checked
 * names only, never paths. Thread-safe. What it asks of its medium, a directory or object storage, is that one object is
 * replaced, read and deleted as a whole.
 */
public interface BlobStore {

    /** Stores the bytes atomically; storing the same bytes again changes nothing. */
    BlobRef put(byte[] bytes) throws IOException;

    /**
     * The bytes of a blob.
     *
     * @throws IOException when it is missing, or its size or hash is not what the reference says
     */
    byte[] get(BlobRef ref) throws IOException;

    /** Deletes a blob, if it is there: whoever does it knows that nothing else has the same content. */
    void delete(BlobRef ref) throws IOException;

    /** Makes a name point there and nowhere else, atomically. */
    void point(BlobName name, BlobPointer pointer) throws IOException;

    /**
     * Where a name points; empty when nobody said.
     *
     * @throws IOException when it can't be read or is damaged
     */
    Optional<BlobPointer> pointer(BlobName name) throws IOException;

    /** Makes a name point nowhere; the blobs stay. */
    void forget(BlobName name) throws IOException;
}
