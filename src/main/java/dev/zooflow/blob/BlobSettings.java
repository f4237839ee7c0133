package dev.zooflow.blob;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.zooflow.experiment.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * What is kept of blobs, and how object storage is reached. Credentials are none of it: the client finds them itself.
 *
 * @param keepAllCheckpoints whether a sweep leaves every published checkpoint, not only those that may still be wanted
 * @param keepStates whether a sweep leaves the last states of finished trainings
 * @param endpoint of S3-compatible storage; empty is Amazon's for the region
 * @param region empty is what the client finds in its environment
 * @param pathStyle whether the bucket stands in the path of a request instead of its host
 */
public record BlobSettings(
        boolean keepAllCheckpoints, boolean keepStates, Optional<URI> endpoint, String region, boolean pathStyle) {

    // Without the value, in which somebody may have written a password.
    private static final String NO_ENDPOINT =
            "blobs.s3.endpoint is no http or https URI of a host. Maybe http://localhost:9000?";

    /**
     * Reads the section {@code blobs}.
     *
     * @throws UserError when a value is of the wrong type or impossible
     */
    public static BlobSettings create(Config blobs) {
        try {
            return new BlobSettings(
                    keepsAll(blobs.getString("keep-checkpoints")),
                    blobs.getBoolean("keep-states"),
                    endpoint(blobs.getString("s3.endpoint").strip()),
                    blobs.getString("s3.region").strip(),
                    blobs.getBoolean("s3.path-style"));
        } catch (ConfigException e) {
            throw UserError.usage("blob settings: " + e.getMessage(), e);
        }
    }

    private static boolean keepsAll(String value) {
        return switch (value) {
            case "all" -> true;
            case "best-and-latest" -> false;
            default ->
                throw UserError.usage(
                        "blobs.keep-checkpoints (%s) is unknown. Maybe best-and-latest, or all?".formatted(value));
        };
    }

    private static Optional<URI> endpoint(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(text);
            boolean known = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (known && uri.getHost() != null && uri.getUserInfo() == null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            throw UserError.usage(NO_ENDPOINT, e);
        }
        throw UserError.usage(NO_ENDPOINT);
    }
}
