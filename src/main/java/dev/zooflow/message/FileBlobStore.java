package dev.zooflow.message;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob store in a directory, which processes may share: {@code <root>/<2 digits>/<62 digits>} of the SHA-256, and {@code
 * <root>/names/<name>}. A file appears whole or not at all, and a blob is verified whenever it is read.
 */
public final class FileBlobStore implements BlobStore {

    private static final Logger LOG = LoggerFactory.getLogger(FileBlobStore.class);
    private static final int SHARD_DIGITS = 2;
    private static final String SHARDS = "[0-9a-f][0-9a-f]";
    private static final Pattern FILE = Pattern.compile("[0-9a-f]{62}");
    private static final String NAMES = "names";
    private static final Predicate<Path> TEMPORARY = file -> {
        String name = file.getFileName().toString();
        return name.startsWith(".") && name.endsWith(".tmp");
    };

    private final Path root;
    private final Disk disk;
    // Something was there.
    private volatile boolean used;

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
        requireMounted(used);
        BlobRef ref = BlobRef.of(bytes);
        Path file = file(ref);
        // A file of another size is one that somebody damaged: it is replaced.
        if (!isWhole(file, ref) || !touch(file)) {
            AtomicFile.write(file, bytes, disk);
        }
        used = true;
        return ref;
    }

    private static boolean isWhole(Path file, BlobRef ref) throws IOException {
        try {
            return Files.isRegularFile(file) && Files.size(file) == ref.size();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Says that the file is of now; false when it can't be said, because the file was deleted or is another user's. That it
     * is there afterwards means that {@link #deleteIfOlder} sees the new time.
     */
    private static boolean touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
            return Files.isRegularFile(file);
        } catch (IOException e) {
            return false;
        }
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
            requireMounted(true);
            throw new LostBlobException(
                    "blob (%s) is missing. Maybe this process has another blob directory than the one that wrote it?"
                            .formatted(file),
                    e);
        } catch (LostBlobException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        check(BlobRef.of(bytes).equals(ref), file, "does not have the SHA-256 it is named after");
        return bytes;
    }

    /** Whether there is no directory, or one in which nothing lies. */
    @Override
    public boolean holdsNothing() throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(root)) {
            return !entries.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Fails where nothing is there, if something was. */
    private void requireMounted(boolean written) throws IOException {
        if (written && holdsNothing()) {
            throw new StoreUnavailableException(
                    "blob directory (%s) holds nothing. Maybe it is not mounted, or another than the one that was written to?"
                            .formatted(root));
        }
    }

    @Override
    public void delete(BlobRef ref) throws IOException {
        disk.delete(file(ref));
    }

    @Override
    public void point(BlobName name, BlobPointer pointer) throws IOException {
        requireMounted(used);
        AtomicFile.write(file(name), pointer.encode(), disk);
        used = true;
    }

    @Override
    public Optional<BlobPointer> pointer(BlobName name) throws IOException {
        try {
            BlobPointer pointer = BlobPointer.decode(Files.readAllBytes(file(name)));
            used = true;
            return Optional.of(pointer);
        } catch (NoSuchFileException e) {
            requireMounted(used);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new LostBlobException(
                    "name (%s) can't be read: %s. Maybe it was damaged?".formatted(file(name), e.getMessage()), e);
        } catch (IOException e) {
            throw unreadable(file(name), e);
        }
    }

    @Override
    public void forget(BlobName name) throws IOException {
        disk.delete(file(name));
    }

    @Override
    public List<StoredBlob> list() throws IOException {
        List<StoredBlob> found = new ArrayList<>();
        if (Files.isDirectory(root)) {
            try (DirectoryStream<Path> shards = Files.newDirectoryStream(root, SHARDS)) {
                for (Path shard : shards) {
                    FileTree.visit(
                            shard,
                            file -> FILE.matcher(file.getFileName().toString()).matches(),
                            (file, attributes) -> {
                                BlobRef ref =
                                        new BlobRef("" + shard.getFileName() + file.getFileName(), attributes.size());
                                found.add(new StoredBlob(
                                        ref, attributes.lastModifiedTime().toInstant()));
                            });
                }
            }
        }
        return found;
    }

    @Override
    public List<BlobName> names() throws IOException {
        Path names = root.resolve(NAMES);
        List<BlobName> found = new ArrayList<>();
        FileTree.visit(names, TEMPORARY.negate(), (file, attributes) -> {
            Path relative = names.relativize(file);
            List<String> parts = new ArrayList<>();
            relative.forEach(part -> parts.add(part.toString()));
            String text = String.join("/", parts);
            BlobName.parse(text).ifPresentOrElse(found::add, () -> LOG.warn("{} is no name, it is passed over", file));
        });
        return found;
    }

    /** Puts the file aside before it looks a second time, because others may say meanwhile that it is of now. */
    @Override
    public boolean deleteIfOlder(BlobRef ref, Instant than) throws IOException {
        Path file = file(ref);
        Path aside = file.resolveSibling(".%s.%s.tmp".formatted(file.getFileName(), UUID.randomUUID()));
        try {
            if (!isOlder(file, than)) {
                return false;
            }
            disk.move(file, aside);
        } catch (NoSuchFileException e) {
            return true;
        }
        if (!isOlder(aside, than)) {
            disk.move(aside, file);
            return false;
        }
        disk.delete(aside);
        return !Files.exists(file);
    }

    private static boolean isOlder(Path file, Instant than) throws IOException {
        return Files.getLastModifiedTime(file).toInstant().isBefore(than);
    }

    @Override
    public void tidy(Instant before) throws IOException {
        FileTree.visit(root, TEMPORARY, (file, attributes) -> {
            if (attributes.lastModifiedTime().toInstant().isBefore(before)) {
                disk.delete(file);
            }
        });
    }

    private static void check(boolean good, Path file, String wrong) throws IOException {
        if (!good) {
            throw new LostBlobException("blob (%s) %s. Maybe it was damaged?".formatted(file, wrong));
        }
    }

    private static StoreUnavailableException unreadable(Path file, IOException e) {
        return new StoreUnavailableException(
                "blob file (%s) can't be read: %s. Maybe the disk or its server is away, or the file is another user's?"
                        .formatted(file, e),
                e);
    }

    private Path file(BlobRef ref) {
        return root.resolve(ref.sha256().substring(0, SHARD_DIGITS))
                .resolve(ref.sha256().substring(SHARD_DIGITS));
    }

    private Path file(BlobName name) {
        return root.resolve(NAMES).resolve(name.value());
    }

    /** Where it is. */
    @Override
    public String toString() {
        return root.toString();
    }
}
