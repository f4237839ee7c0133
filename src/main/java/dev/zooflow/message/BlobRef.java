package dev.zooflow.message;

/**
 * A blob in the store, named by nothing but its content.
 *
 * @param sha256 64 lower-case hexadecimal digits
 * @param size in bytes
 */
public record BlobRef(String sha256, long size) {

    /** Checks the digest, because it comes from messages and becomes a path. */
    public BlobRef {
        if (!sha256.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException(
                    "blob hash (%s) is no SHA-256 in lower-case hexadecimal".formatted(sha256));
        }
        if (size < 0) {
            throw new IllegalArgumentException("blob size (%d) is negative".formatted(size));
        }
    }
}
