package dev.zooflow.blob;

import dev.zooflow.experiment.UserError;
import java.time.Duration;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes clients of object storage; credentials come from where the client looks for them by itself. */
final class S3Clients {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    // For one blob of 256 MiB with all its tries; a server that answers a byte a minute holds nobody up for longer.
    private static final Duration ALL = Duration.ofMinutes(5);
    // Other makes than Amazon's need a region for signatures alone.
    private static final Region ANY = Region.US_EAST_1;

    private S3Clients() {}

    /**
     * A client for the life of the process.
     *
     * @throws UserError when nobody says the region
     */
    static S3Client create(BlobSettings settings) {
        try {
            return builder(settings).build();
        } catch (SdkException e) {
            throw UserError.usage(
                    "blobs.s3.region () is empty and nothing else names one. Maybe AWS_REGION=eu-central-1?", e);
        }
    }

    /** The same with what is still to be said. */
    static S3ClientBuilder builder(BlobSettings settings) {
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(ANSWER))
                .overrideConfiguration(c -> c.apiCallTimeout(ALL))
                .forcePathStyle(settings.pathStyle())
                // Every make understands a body that is nothing but the bytes, signed as a whole.
                .serviceConfiguration(c -> c.chunkedEncodingEnabled(false))
                // Blobs are verified by their SHA-256; not every make knows the client's own checksums.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        settings.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint).region(ANY));
        if (!settings.region().isEmpty()) {
            builder.region(Region.of(settings.region()));
        }
        return builder;
    }
}
