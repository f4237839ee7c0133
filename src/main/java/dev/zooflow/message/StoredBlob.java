package dev.zooflow.message;

import java.time.Instant;

/**
 * A blob as it lies in a store.
 *
 * @param ref its name and the size that it has there, which is another than it should be when it was damaged
 * @param modified when it was put last, by the clock of the store
 */
public record StoredBlob(BlobRef ref, Instant modified) {}
