package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.zip.GZIPInputStream;

/**
 * An open data file, gzipped or not (its first two bytes tell), that hashes what is read: the bytes as stored and the
 * decompressed content.
 */
final class HashedInput implements AutoCloseable {

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER = 1 << 16;

    private final DigestInputStream stored;
    private final DigestInputStream content;

    private HashedInput(DigestInputStream stored, DigestInputStream content) {
        this.stored = stored;
        this.content = content;
    }

    /**
     * SHA-256 of a file.
     *
     * @param stored of the bytes in the file
     * @param content of the decompressed bytes; the same where the file is not gzipped
     * @param gzipped whether it is
     */
    record Hashes(String stored, String content, boolean gzipped) {}

    /** Opens a file for reading; reading errors of a damaged gzip file come later, as {@link IOException}. */
    static HashedInput open(Path file) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            raw.mark(2);
            boolean gzipped = ((raw.read() << 8) | raw.read()) == GZIP_MAGIC;
            raw.reset();
            DigestInputStream stored = new DigestInputStream(raw, Sha256.digest());
            return new HashedInput(
                    stored,
                    gzipped ? new DigestInputStream(new GZIPInputStream(stored, BUFFER), Sha256.digest()) : stored);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The decompressed content. */
    InputStream content() {
        return content;
    }

    /** Reads whatever is left and returns the hashes of the whole file. */
    Hashes hashes() throws IOException {
        content.transferTo(OutputStream.nullOutputStream());
        stored.transferTo(OutputStream.nullOutputStream());
        String storedHash = Sha256.hex(stored.getMessageDigest());
        boolean gzipped = isGzipped();
        return new Hashes(storedHash, gzipped ? Sha256.hex(content.getMessageDigest()) : storedHash, gzipped);
    }

    @SuppressWarnings("ReferenceEquality")
    private boolean isGzipped() {
        return content != stored;
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    /** Hashes of a whole file. */
    static Hashes hashesOf(Path file) {
        try (HashedInput in = open(file)) {
            return in.hashes();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The error for a file that is there but cannot be read to its end. */
    static UserError unreadable(Path file, IOException e) {
        return UserError.infrastructure(
                "file (%s) cannot be read: %s. Maybe it is damaged, or its permissions forbid it?"
                        .formatted(file, e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                e);
    }
}
