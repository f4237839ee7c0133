package dev.zooflow.data;

import dev.zooflow.experiment.UserError;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A public data set: its files, their hashes, and where to get them.
 *
 * @param name by which users ask for it
 * @param description in a few words
 * @param folder below the data directory; the data directory itself is searched too
 * @param sources base addresses, in the order in which they are tried; each ends with a slash
 * @param files all that belong to it
 */
public record KnownDataset(String name, String description, String folder, List<URI> sources, List<KnownFile> files) {

    /** Copies the lists. */
    public KnownDataset {
        sources = List.copyOf(sources);
        files = List.copyOf(files);
    }

    /** Where a fetched file is put. */
    Path target(Path dataDir, KnownFile file) {
        return dataDir.resolve(folder).resolve(file.distributedName());
    }

    /** The file as it lies in the data set's folder or in the data directory itself, gzipped or not. */
    Optional<Path> find(Path dataDir, KnownFile file) {
        List<Path> candidates = new ArrayList<>();
        for (Path directory : List.of(dataDir.resolve(folder), dataDir)) {
            candidates.add(directory.resolve(file.name()));
            candidates.add(directory.resolve(file.name() + ".gz"));
        }
        return candidates.stream().filter(Files::isRegularFile).findFirst();
    }

    /**
     * The file, or an error that says how to get it.
     *
     * @throws UserError where it is missing
     */
    Path locate(Path dataDir, KnownFile file) {
        return find(dataDir, file)
                .orElseThrow(() -> UserError.infrastructure(
                        "file (%s) of %s is in neither %s nor %s. Maybe `zooflow data fetch %s --data-dir %s`, or copy it there from %s?"
                                .formatted(
                                        file.distributedName(),
                                        name,
                                        dataDir.resolve(folder),
                                        dataDir,
                                        name,
                                        dataDir,
                                        addresses(file))));
    }

    /** The file, when its hash is right. */
    Path locateVerified(Path dataDir, KnownFile file) {
        Path path = locate(dataDir, file);
        verify(path, file, HashedInput.sha256(path));
        return path;
    }

    /** All addresses of a file, for messages. */
    String addresses(KnownFile file) {
        return String.join(
                " or ", sources.stream().map(s -> s + file.distributedName()).toList());
    }

    /**
     * Checks a file's hash, that of its decompressed bytes, against the published one.
     *
     * @throws UserError that names the expected and the found hash
     */
    void verify(Path path, KnownFile file, String found) {
        // MNIST and Fashion-MNIST name their files alike.
        DataCatalog.ownerOf(found).filter(owner -> !owner.name().equals(name)).ifPresent(owner -> {
            throw UserError.infrastructure("file (%s) belongs to %s, not to %s. Maybe `zooflow data fetch %s`?"
                    .formatted(path, owner.name(), name, name));
        });
        if (!file.sha256().equals(found)) {
            throw UserError.infrastructure(
                    "file (%s) is not the %s of %s: expected SHA-256 %s (decompressed), found %s. Maybe delete it and run `zooflow data fetch %s`?"
                            .formatted(path, file.name(), name, file.sha256(), found, name));
        }
    }
}
