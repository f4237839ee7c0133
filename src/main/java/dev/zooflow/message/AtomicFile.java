package dev.zooflow.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writing a file so that a crash at any moment leaves the old content or the new, never half of it. */
public final class AtomicFile {

    private AtomicFile() {}

    /**
     * Writes to a temporary file beside the target, forces it to the disk and moves it over the target. The directory is
     * created if missing.
     *
     * @throws IOException when the disk is full or read-only; the message names the file
     */
    public static void write(Path file, byte[] bytes) throws IOException {
        Path target = file.toAbsolutePath();
        Path directory = target.getParent();
        try {
            Files.createDirectories(directory);
            // Not Files.createTempFile: its files are for their owner only, and these are read by other processes.
            Path temporary = directory.resolve(".%s.%s.tmp".formatted(target.getFileName(), UUID.randomUUID()));
            try {
                force(temporary, bytes);
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            forceDirectory(directory);
        } catch (IOException e) {
            throw new IOException(
                    "file (%s) can't be written: %s. Maybe the disk is full or read-only?".formatted(target, reason(e)),
                    e);
        }
    }

    private static void force(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    // The move itself must survive a power cut too. Windows can't open directories and needs no such thing.
    private static void forceDirectory(Path directory) throws IOException {
        if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException f && f.getReason() != null
                ? f.getReason()
                : e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
