package dev.zooflow.app;

import dev.zooflow.blob.BlobSettings;
import dev.zooflow.blob.BlobStores;
import dev.zooflow.message.BlobStore;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where large payloads lie. */
final class BlobsOption {

    /** Where they lie in the working directory, unless a run has a directory of its own. */
    static final Path HERE = Path.of("blobs");

    @Option(
            names = {"--blobs", "--blob-dir"},
            paramLabel = "DIR|URI",
            description = {
                "Where large payloads lie, shared by all processes of a fleet: a directory, as a path or file:/…, or",
                "s3://bucket/prefix (default: blobs, in the run's directory where there is one)."
            })
    private @Nullable String place;

    /** The store there, or in this directory when the option is not given. */
    BlobStore store(BlobSettings settings, Path otherwise) {
        return BlobStores.open(place == null ? otherwise.toString() : place, settings);
    }
}
