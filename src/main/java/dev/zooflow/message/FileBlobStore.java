package dev.zooflow.message;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A blob store in a directory, which processes may share: {@code <root>/<2 digits>/<62 digits>} of the SHA-256, and {@code
 * <root>/names/<name>}. A file appears whole or not at all, and a blob is verified whenever it is read.
 */
public final class FileBlobStore implements BlobStore {

    private static final int SHARD_DIGITS = 2;

    private final Path root;
    private final Disk disk;

    /** A store in this directory, which is created with the first blob. */
    public FileBlobStore(Path root) {
        this(root, Disk.DEFAULT);
    }

    /** A store that writes to another disk. */
    FileBlobStore(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    @Override
    public BlobRef put(byte[] bytes) throws IOException {
        BlobRef ref = new BlobRef(sha256(bytes), bytes.length);
        Path file = file(ref);
        // A file of another size is one that somebody damaged: it is replaced.
        if (!Files.isRegularFile(file) || Files.size(file) != ref.size()) {
            AtomicFile.write(file, bytes, disk);
        }
        return ref;
    }

    @Override
    public byte[] get(BlobRef ref) throws IOException {
        Path file = file(ref);
        byte[] bytes;
        try {
            // The size is compared first, so that no reference makes us read a file that can't be right.
            check(Files.size(file) == ref.size(), file, "does not have the %d bytes it should".formatted(ref.size()));
            check(ref.size() < Integer.MAX_VALUE - 8, file, "has more than 2 GiB");
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    "blob (%s) is missing. Maybe this process has another blob directory than the one that wrote it?"
                            .formatted(file),
                    e);
        }
        check(sha256(bytes).equals(ref.sha256()), file, "does not have the SHA-256 it is named after");
        return bytes;
    }

    @Override
    public void delete(BlobRef ref) throws IOException {
        disk.delete(file(ref));
    }

    @Override
    public void point(BlobName name, BlobPointer pointer) throws IOException {
        AtomicFile.write(file(name), pointer.encode(), disk);
    }

    @Override
    public Optional<BlobPointer> pointer(BlobName name) throws IOException {
        try {
            return Optional.of(BlobPointer.decode(Files.readAllBytes(file(name))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "name (%s) can't be read: %s. Maybe it was damaged?".formatted(file(name), e.getMessage()), e);
        }
    }

    @Override
    public void forget(BlobName name) throws IOException {
        disk.delete(file(name));
    }

    private static void check(boolean good, Path file, String wrong) throws IOException {
        if (!good) {
            throw new IOException("blob (%s) %s. Maybe it was damaged?".formatted(file, wrong));
        }
    }

    private Path file(BlobRef ref) {
        return root.resolve(ref.sha256().substring(0, SHARD_DIGITS))
                .resolve(ref.sha256().substring(SHARD_DIGITS));
    }

    private Path file(BlobName name) {
        return root.resolve("names").resolve(name.value());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
