package dev.zooflow.message;

import java.io.IOException;
import java.nio.file.Path;

/** The steps of which writing a file consists, each of which may fail: where tests break a disk. Thread-safe. */
interface Disk {

    /** The file systems of this machine. */
    Disk DEFAULT = new DefaultDisk();

    /** Makes a directory whose parent exists; one that exists already is none to complain of. */
    void makeDirectory(Path directory) throws IOException;

    /** Writes a file that does not exist yet. */
    void write(Path file, byte[] bytes) throws IOException;

    /** Forces what was written to a file, or which files there are in a directory, to the device. */
    void force(Path path) throws IOException;

    /** Moves a file over another in one step. */
    void move(Path from, Path to) throws IOException;

    /** Deletes a file, if it is there. */
    void delete(Path file) throws IOException;
}
