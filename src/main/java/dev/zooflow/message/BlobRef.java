package dev.zooflow.message;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

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

    /** The reference of these bytes. */
    public static BlobRef of(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new BlobRef(HexFormat.of().formatHex(digest), bytes.length);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
