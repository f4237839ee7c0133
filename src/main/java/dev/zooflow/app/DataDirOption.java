package dev.zooflow.app;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option that says where data sets are. */
final class DataDirOption {

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = "data",
            description = "Where data sets are (default: ${DEFAULT-VALUE}).")
    private Path directory;

    /** The directory. */
    Path directory() {
        return directory;
    }
}
