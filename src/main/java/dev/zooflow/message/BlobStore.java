package dev.zooflow.message;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Content-addressed storage for payloads too large for a message, and names that point into it. Accepts hashes and checked
 * names only, never paths. Thread-safe. What it asks of its medium, a directory or object storage, is that one object is
 * replaced, read and deleted as a whole.
 */
public interface BlobStore {

    /**
     * Stores the bytes atomically. Storing the same bytes again changes nothing but the time from which {@link
     * #deleteIfOlder} counts.
     *
     * @throws UnwritableFileException when this machine's disk can't be written
     * @throws StoreUnavailableException when a server can't be reached or refuses
     */
    BlobRef put(byte[] bytes) throws IOException;

    /**
     * The bytes of a blob.
     *
     * @throws LostBlobException when it is missing, or its size or hash is not what the reference says
     * @throws StoreUnavailableException when it can't be read, so that nobody knows whether it is there
     */
    byte[] get(BlobRef ref) throws IOException;

    /** Deletes a blob, if it is there: whoever does it knows that nothing else has the same content. */
    void delete(BlobRef ref) throws IOException;

    /** Makes a name point there and nowhere else, atomically. */
    void point(BlobName name, BlobPointer pointer) throws IOException;

    /**
     * Where a name points; empty when nobody said.
     *
     * @throws LostBlobException when it is damaged
     * @throws StoreUnavailableException when it can't be read, so that nobody knows where it points
     */
    Optional<BlobPointer> pointer(BlobName name) throws IOException;

    /** Makes a name point nowhere; the blobs stay. */
    void forget(BlobName name) throws IOException;

    /** Whether it looks like a share that isn't mounted; false where that can't be told. */
    default boolean holdsNothing() throws IOException {
        return false;
    }

    /** All blobs that are there, in no order; of those that are put or deleted meanwhile some. */
    List<StoredBlob> list() throws IOException;

    /** All names that point somewhere, in no order; what others left among them is passed over. */
    List<BlobName> names() throws IOException;

    /**
     * Deletes a blob, unless it was put, be it again, at this time or later: for whoever looks for blobs that nothing refers
     * to while others put the same.
     *
     * @return whether it is gone
     */
    boolean deleteIfOlder(BlobRef ref, Instant than) throws IOException;

    /** Deletes what writers left behind that died before this time in the middle of their work. */
    void tidy(Instant before) throws IOException;
}
