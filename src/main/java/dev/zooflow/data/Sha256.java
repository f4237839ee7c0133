package dev.zooflow.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hexadecimal. */
final class Sha256 {

    private static final int CHUNK = 8192;

    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform must have SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Hash of the inputs, then the classes, each value as four bytes with the highest first. */
    static String of(Split split) {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        for (float value : split.x()) {
            put(digest, buffer, Float.floatToIntBits(value));
        }
        for (int value : split.y()) {
            put(digest, buffer, value);
        }
        digest.update(buffer.flip());
        return hex(digest);
    }

    private static void put(MessageDigest digest, ByteBuffer buffer, int value) {
        if (!buffer.hasRemaining()) {
            digest.update(buffer.flip());
            buffer.clear();
        }
        buffer.putInt(value);
    }
}
