package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the data files that a task names. */
final class DataFiles {

    private DataFiles() {}

    /**
     * The file of a task's key, relative to the data directory unless absolute.
     *
     * @throws UserError if the key is empty, or there is no such readable file
     */
    static Path locate(String key, String file, Path dataDir) {
        if (file.isBlank()) {
            throw UserError.usage("%s (%s) names no file. Maybe %s = \"data.csv\"?".formatted(key, file, key));
        }
        Path path = resolve(key, file, dataDir);
        if (!Files.exists(path)) {
            throw UserError.infrastructure("%s (%s) is not in %s. Maybe another --data-dir, or copy it there?"
                    .formatted(key, file, parent(path)));
        }
        if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
            throw UserError.infrastructure(
                    "%s (%s) is not a file that can be read. Maybe %s is a folder, or its permissions forbid it?"
                            .formatted(key, file, path));
        }
        return path;
    }

    /** Whether there is such a file, relative to the data directory unless absolute. */
    static boolean isThere(String file, Path dataDir) {
        return Files.isRegularFile(resolve("task", file, dataDir));
    }

    private static Path resolve(String key, String file, Path dataDir) {
        try {
            return dataDir.resolve(file);
        } catch (InvalidPathException e) {
            throw UserError.usage(
                    "%s (%s) is not a file name: %s. Maybe a typing error?".formatted(key, file, e.getReason()), e);
        }
    }

    private static Path parent(Path path) {
        Path absolute = path.toAbsolutePath().normalize();
        Path parent = absolute.getParent();
        return parent == null ? absolute : parent;
    }
}
