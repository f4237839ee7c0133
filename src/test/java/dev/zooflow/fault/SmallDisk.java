package dev.zooflow.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk of some megabytes in memory, which can be filled and emptied again. */
public final class SmallDisk implements AutoCloseable {

    private static final String FULL = "No space left on device";

    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve("filler");
    }

    /** Mounts one at a directory that is made for it; the test is left out where that can't be done. */
    public static SmallDisk mount(Path directory, int megabytes) throws IOException {
        Files.createDirectory(directory);
        boolean mounted =
                execute("mount", "-t", "tmpfs", "-o", "size=%dm".formatted(megabytes), "tmpfs", directory.toString());
        assumeTrue(mounted, "no small file system can be mounted here: that needs Linux and root");
        return new SmallDisk(directory);
    }

    /** Its root. */
    public Path directory() {
        return directory;
    }

    /** Leaves no byte free, at once: whoever writes there must not come to an end before. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler)) {
            write(out, new byte[1 << 16]);
            write(out, new byte[1]);
        }
    }

    private static void write(OutputStream out, byte[] bytes) {
        try {
            while (true) {
                out.write(bytes);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining(FULL);
        }
    }

    /** Frees what was filled. */
    public void empty() throws IOException {
        Files.delete(filler);
    }

    private static boolean execute(String... command) {
        try {
            return new ProcessBuilder(command).start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (!execute("umount", directory.toString())) {
            throw new UncheckedIOException(new IOException(directory + " can't be unmounted"));
        }
    }
}
