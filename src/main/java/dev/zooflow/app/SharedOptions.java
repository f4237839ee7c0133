package dev.zooflow.app;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of commands that talk to Kafka. */
final class SharedOptions {

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT,...",
            description = "Use these brokers instead of the embedded one.")
    private @Nullable String bootstrapServers;

    @Mixin
    private ConfigOption config;

    /** The settings that the options and files say. */
    AppSettings settings() {
        return config.settings().withBootstrapServers(Optional.ofNullable(bootstrapServers));
    }
}
