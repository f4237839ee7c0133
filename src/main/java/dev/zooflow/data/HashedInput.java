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

/** An open data file, gzipped or not (its first two bytes tell), that hashes the decompressed content as it is read. */
final class HashedInput implements AutoCloseable {

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER = 1 << 16;

    private final DigestInputStream content;

    private HashedInput(DigestInputStream content) {
        this.content = content;
    }

    /** Opens a file for reading; reading errors of a damaged gzip file come later, as {@link IOException}. */
    static HashedInput open(Path file) throws IOException {
        BufferedInputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
        try {
            raw.mark(2);
            boolean gzipped = ((raw.read() << 8) | raw.read()) == GZIP_MAGIC;
            raw.reset();
            return new HashedInput(
                    new DigestInputStream(gzipped ? new GZIPInputStream(raw, BUFFER) : raw, Sha256.digest()));
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }

    /** The decompressed content. */
    InputStream content() {
        return content;
    }

    /** Reads whatever is left and returns the SHA-256 of all of it. */
    String sha256() throws IOException {
        content.transferTo(OutputStream.nullOutputStream());
        return Sha256.hex(content.getMessageDigest());
    }

    @Override
    public void close() throws IOException {
        content.close();
    }

    /** SHA-256 of a whole file, decompressed. */
    static String sha256(Path file) {
        try (HashedInput in = open(file)) {
            return in.sha256();
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
