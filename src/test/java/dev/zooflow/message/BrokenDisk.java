package dev.zooflow.message;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A disk that breaks at its n-th step. What has not been forced to the device is lost with the power: files are cut to half
 * of their length, and moves are undone.
 */
public final class BrokenDisk implements Disk {

    /** How it breaks. */
    public enum Fault {
        /** The process is killed before the step; the system still writes everything. */
        KILL,
        /** The process is killed in the middle of the step. */
        KILL_INSIDE,
        /** The power fails after the step. */
        POWER_CUT,
        /** There is no room, and the process lives on. */
        FULL
    }

    /** The end of the process. Not an exception, so that nothing handles it. */
    public static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    private final Fault fault;
    private final int at;
    private final Set<Path> unforced = new HashSet<>();
    /** What stood where a file was moved to and the directory has not been forced; absent content is null. */
    private final Map<Path, byte[]> moved = new HashMap<>();

    private int steps;
    private boolean dead;

    /** Breaks at this step, from 1. */
    public BrokenDisk(Fault fault, int at) {
        this.fault = fault;
        this.at = at;
    }

    /** Whether the step was reached. */
    public boolean isBroken() {
        return steps >= at;
    }

    /** A blob store on it. */
    public BlobStore store(Path root) {
        return new FileBlobStore(root, this);
    }

    private interface Step {
        void perform() throws IOException;
    }

    private void step(Step whole, Step half) throws IOException {
        if (dead) {
            throw new Killed();
        }
        steps++;
        if (steps != at) {
            whole.perform();
            return;
        }
        switch (fault) {
            case KILL -> dead = true;
            case KILL_INSIDE -> {
                half.perform();
                dead = true;
            }
            case POWER_CUT -> {
                whole.perform();
                loseWhatIsNotForced();
                dead = true;
            }
            case FULL -> throw new FileSystemException("f", null, "No space left on device");
        }
        throw new Killed();
    }

    private void loseWhatIsNotForced() throws IOException {
        for (Map.Entry<Path, byte[]> move : moved.entrySet()) {
            if (move.getValue().length == 0) {
                Files.delete(move.getKey());
            } else {
                Files.write(move.getKey(), move.getValue());
            }
            unforced.remove(move.getKey());
        }
        for (Path file : unforced) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        }
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        step(() -> DEFAULT.makeDirectory(directory), () -> {});
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        step(
                () -> {
                    DEFAULT.write(file, bytes);
                    unforced.add(file);
                },
                () -> DEFAULT.write(file, Arrays.copyOf(bytes, bytes.length / 2)));
    }

    @Override
    public void force(Path path) throws IOException {
        step(
                () -> {
                    DEFAULT.force(path);
                    unforced.remove(path);
                    moved.keySet().removeIf(file -> file.getParent().equals(path));
                },
                () -> {});
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        step(
                () -> {
                    moved.put(to, Files.exists(to) ? Files.readAllBytes(to) : new byte[0]);
                    DEFAULT.move(from, to);
                    if (unforced.remove(from)) {
                        unforced.add(to);
                        // The file system may have written the move and not the content.
                        moved.remove(to);
                    }
                },
                () -> {});
    }

    @Override
    public void delete(Path file) throws IOException {
        if (fault == Fault.FULL) {
            DEFAULT.delete(file);
        } else {
            step(() -> DEFAULT.delete(file), () -> {});
        }
    }
}
