package dev.zooflow.app;

import dev.zooflow.experiment.RunId;
import dev.zooflow.experiment.UserError;
import dev.zooflow.message.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The directory of one run. Its file {@code status} says in one word how far the run came, so that nobody takes what an
 * interrupted run left behind for its result. Thread-safe.
 */
final class RunDirectory {

    /** How far a run came. */
    enum Status {
        RUNNING,
        /** Results are being written; an interruption does not stop it any more. */
        WRITING,
        COMPLETED,
        /** Over, with tasks that were given up; results are there. */
        FAILED,
        INTERRUPTED,
        /** Ended by an error; no results. */
        BROKEN
    }

    private final Path path;
    private Status status = Status.RUNNING;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /**
     * Makes the directory of a new run.
     *
     * @throws UserError of infrastructure when it can't be made or written
     */
    static RunDirectory create(Path runs, RunId run) {
        Path path = runs.resolve(run.value());
        try {
            Files.createDirectories(runs);
            Files.createDirectory(path);
        } catch (FileAlreadyExistsException e) {
            throw UserError.infrastructure(
                    "run directory (%s) exists. Maybe another --name?".formatted(e.getFile()), e);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        RunDirectory directory = new RunDirectory(path);
        directory.write(Status.RUNNING);
        return directory;
    }

    /**
     * The directory of a run that goes on.
     *
     * @throws UserError of infrastructure when it can't be written
     */
    static RunDirectory reopen(Path path) {
        RunDirectory directory = new RunDirectory(path);
        directory.write(Status.RUNNING);
        return directory;
    }

    /** Where it is. */
    Path path() {
        return path;
    }

    /** Where the embedded broker of a run with this directory keeps its data. */
    static Path broker(Path run) {
        return run.resolve(".kafka");
    }

    /** Where large payloads of a run with this directory lie. */
    static Path blobs(Path run) {
        return run.resolve("blobs");
    }

    /** Whether this is the directory of a run with an event log of its own. */
    static boolean holdsLog(Path run) {
        return Files.isDirectory(broker(run));
    }

    /**
     * The id of the run with this directory, which is named after it.
     *
     * @throws UserError of usage when it is named otherwise
     */
    static RunId id(Path run) {
        try {
            return new RunId(run.toAbsolutePath().normalize().getFileName().toString());
        } catch (IllegalArgumentException e) {
            throw UserError.usage("run directory (%s) is not named like a run. Maybe runs/<run>?".formatted(run), e);
        }
    }

    /** Where the embedded broker keeps its data. */
    Path broker() {
        return broker(path);
    }

    /** Where large payloads lie. */
    Path blobs() {
        return blobs(path);
    }

    /** Where generated networks lie. */
    Path networks() {
        return path.resolve("networks");
    }

    /** Where the model cards of flows lie. */
    Path flows() {
        return path.resolve("flows");
    }

    /** The log file. */
    Path log() {
        return path.resolve("run.log");
    }

    /**
     * Copies the event log and the blobs of another directory, in which no broker may run.
     *
     * @throws UserError of infrastructure when it can't be read, or this one can't be written
     */
    void copyLog(Path other) {
        try {
            copy(broker(other), broker());
            copy(blobs(other), blobs());
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> all = Files.walk(from)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** How far the run came. */
    synchronized Status status() {
        return status;
    }

    /**
     * Announces that results are written from now on.
     *
     * @throws Interruption.InterruptedRunException when the run was interrupted before
     */
    synchronized void beginResults() {
        if (status == Status.INTERRUPTED) {
            throw new Interruption.InterruptedRunException();
        }
        write(Status.WRITING);
    }

    /** Says how the run ended. */
    synchronized void end(Status end) {
        write(end);
    }

    /** Marks a run that is cut short, unless its results are being written or there; says what happened. */
    synchronized String interrupt() {
        if (status == Status.RUNNING) {
            write(Status.INTERRUPTED);
        }
        return status == Status.INTERRUPTED
                ? "interrupted: %s is marked so and holds no results; stopping ...".formatted(path)
                : "interrupted while ending: results are in %s".formatted(path);
    }

    /** Marks a run that an error ended, unless it was interrupted before. */
    synchronized void giveUp() {
        if (status == Status.RUNNING || status == Status.WRITING) {
            write(Status.BROKEN);
        }
    }

    private void write(Status next) {
        status = next;
        String line = next.name().toLowerCase(Locale.ROOT) + "\n";
        try {
            AtomicFile.write(path.resolve("status"), line.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static UserError unwritable(Path path, IOException e) {
        return UserError.infrastructure(
                "run directory (%s) can't be written: %s. Maybe the disk is full or read-only, or another --runs-dir?"
                        .formatted(path, e.getClass().getSimpleName() + ": " + e.getMessage()),
                e);
    }
}
