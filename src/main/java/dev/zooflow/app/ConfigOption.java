package dev.zooflow.app;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option of commands that have settings of their own. */
final class ConfigOption {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of this process, above the defaults: see conf/ and reference.conf.")
    private @Nullable Path config;

    /** The settings that the file says. */
    AppSettings settings() {
        return AppSettings.load(Optional.ofNullable(config));
    }
}
