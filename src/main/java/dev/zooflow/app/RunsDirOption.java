package dev.zooflow.app;

import dev.zooflow.report.StoredRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Option of commands that look for runs in a directory. */
final class RunsDirOption {

    @Option(
            names = "--runs-dir",
            paramLabel = "DIR",
            defaultValue = "runs",
            description = "Where the directories of runs are (default: ${DEFAULT-VALUE}).")
    private Path runsDir;

    /** The directory. */
    Path directory() {
        return runsDir;
    }

    /** All runs there, the latest first. */
    List<StoredRun> all() {
        return StoredRun.all(runsDir);
    }

    /** A run by its name there, or by a path. */
    StoredRun find(String run) {
        Path named = runsDir.resolve(run);
        return StoredRun.read(Files.isDirectory(named) ? named : Path.of(run));
    }
}
