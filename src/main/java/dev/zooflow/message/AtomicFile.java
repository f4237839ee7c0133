package dev.zooflow.message;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writing a file so that a crash at any moment leaves the old content or the new, never half of it. */
public final class AtomicFile {

    private AtomicFile() {}

    /**
     * Writes to a temporary file beside the target, forces it to the disk and moves it over the target. The directory is
     * created if missing.
     *
     * @throws UnwritableFileException when the disk is full or read-only; the message names the file
     */
    public static void write(Path file, byte[] bytes) throws UnwritableFileException {
        write(file, bytes, Disk.DEFAULT);
    }

    /** The same on another disk. */
    static void write(Path file, byte[] bytes, Disk disk) throws UnwritableFileException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        try {
            makeDirectories(directory, disk);
            // Not Files.createTempFile: its files are for their owner only, and these are read by other processes.
            Path temporary = directory.resolve(".%s.%s.tmp".formatted(target.getFileName(), UUID.randomUUID()));
            try {
                disk.write(temporary, bytes);
                disk.force(temporary);
                disk.move(temporary, target);
            } finally {
                disk.delete(temporary);
            }
            // The move itself must survive a power cut too.
            disk.force(directory);
        } catch (IOException e) {
            throw new UnwritableFileException(
                    "file (%s) can't be written: %s. Maybe the disk is full or read-only?".formatted(target, reason(e)),
                    e);
        }
    }

    // A new directory survives a power cut only when its parent knows of it.
    private static void makeDirectories(@Nullable Path directory, Disk disk) throws IOException {
        if (directory != null && !Files.isDirectory(directory)) {
            makeDirectories(directory.getParent(), disk);
            disk.makeDirectory(directory);
            disk.force(directory.getParent());
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
