package dev.zooflow.app;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of commands that talk to Kafka. */
final class SharedOptions {

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "Use these brokers instead of the embedded one.")
    private @Nullable String bootstrapServers;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings of this process, above the defaults: see conf/ and reference.conf.")
    private @Nullable Path config;

    /** The settings that the options and files say. */
    AppSettings settings() {
        return AppSettings.load(Optional.ofNullable(config))
                .withBootstrapServers(Optional.ofNullable(bootstrapServers));
    }
}
