package dev.zooflow.mlflow;

import com.typesafe.config.Config;
import dev.zooflow.experiment.UserError;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/**
 * Which tracking server is told: {@code zooflow.mlflow} of {@code reference.conf}.
 *
 * @param trackingUri of the server; empty for none
 * @param experiment name there; empty for that of the experiment file
 * @param artifacts whether files are uploaded
 */
public record MlflowSettings(Optional<URI> trackingUri, String experiment, boolean artifacts) {

    private static final int LONGEST_NAME = 500;

    /** Checks the name. */
    public MlflowSettings {
        if (experiment.length() > LONGEST_NAME) {
            throw UserError.usage("mlflow.experiment (%s …) has more than %d characters. Maybe a shorter name?"
                    .formatted(experiment.substring(0, 20), LONGEST_NAME));
        }
    }

    /** Reads the section {@code mlflow}. */
    public static MlflowSettings create(Config section) {
        String uri = section.getString("tracking-uri").strip();
        return new MlflowSettings(
                uri.isEmpty() ? Optional.empty() : Optional.of(address(uri)),
                section.getString("experiment"),
                section.getBoolean("artifacts"));
    }

    // It may hold a user's name and password: neither message nor cause shows it.
    private static URI address(String text) {
        try {
            URI uri = new URI(text.replaceFirst("/+$", ""));
            if (List.of("http", "https").contains(String.valueOf(uri.getScheme()))
                    && uri.getHost() != null
                    && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            throw badAddress();
        }
        throw badAddress();
    }

    private static UserError badAddress() {
        return UserError.usage(
                "mlflow.tracking-uri (not shown) is no address of a server. Maybe http://localhost:5000?");
    }

    /** Whether a server is told. */
    public boolean enabled() {
        return trackingUri.isPresent();
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "MlflowSettings[trackingUri=%s, experiment=%s, artifacts=%s]"
                .formatted(trackingUri.isPresent(), experiment, artifacts);
    }
}
