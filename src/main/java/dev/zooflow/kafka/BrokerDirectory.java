package dev.zooflow.kafka;

import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The directory of an embedded broker, held by one broker at a time. */
final class BrokerDirectory implements AutoCloseable {

    private final Path directory;
    private final FileChannel lock;

    private BrokerDirectory(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Creates the directory if missing and takes it.
     *
     * @throws UserError when another broker has it, or it can't be written
     */
    static BrokerDirectory lock(Path directory) {
        try {
            Files.createDirectories(directory.resolve("data"));
            FileChannel channel = FileChannel.open(
                    directory.resolve("broker.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tryLock(channel) == null) {
                channel.close();
                throw UserError.infrastructure(
                        "broker directory (%s) is in use by another broker. Maybe stop it, or join it with --bootstrap-servers?"
                                .formatted(directory));
            }
            return new BrokerDirectory(directory, channel);
        } catch (IOException e) {
            throw UserError.infrastructure(
                    "broker directory (%s) can't be written: %s. Maybe the disk is full or read-only?"
                            .formatted(directory, e),
                    e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Held by this very process.
            return null;
        }
    }

    /** Where Kafka's logs are. */
    Path data() {
        return directory.resolve("data");
    }

    /** The cluster that used the directory before. */
    Optional<String> clusterId() throws IOException {
        Path file = data().resolve("meta.properties");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return Optional.ofNullable(properties.getProperty("cluster.id"));
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw UserError.infrastructure("broker directory (%s) can't be released: %s".formatted(directory, e), e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }
}
