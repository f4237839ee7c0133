package dev.zooflow.blob;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.FileBlobStore;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blob stores by where they are: a directory, as a path or as {@code file:/…}, or {@code s3://<bucket>/<prefix>}. */
public final class BlobStores {

    // A scheme has two letters at least, so that C:\blobs is a path.
    private static final Pattern URI_LIKE = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):.*");
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final String PART = "[A-Za-z0-9_-][A-Za-z0-9._-]*";
    private static final Pattern PREFIX = Pattern.compile("(%1$s(/%1$s)*)?".formatted(PART));

    private BlobStores() {}

    /**
     * The store at a place. Nothing is asked of it yet.
     *
     * @throws UserError when no store can be there
     */
    public static BlobStore open(String place, BlobSettings settings) {
        Matcher uri = URI_LIKE.matcher(place);
        String scheme = uri.matches() ? uri.group(1).toLowerCase(Locale.ROOT) : "";
        return switch (scheme) {
            case "" -> directory(place);
            case "file" -> fileUri(place);
            case "s3" -> s3(place, settings);
            default ->
                throw UserError.usage(
                        "blobs (%s:…) is neither a directory nor s3:. Maybe s3://bucket/prefix?".formatted(scheme));
        };
    }

    /**
     * Fails early where a store can't be read, so that nobody begins work that comes to nothing.
     *
     * @throws UserError of infrastructure
     */
    public static void require(BlobStore store) {
        try {
            store.pointer(new BlobName("probe"));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** What a command says when a store fails it; the message of every such exception names the place and a remedy. */
    public static UserError unusable(IOException e) {
        return UserError.infrastructure(String.valueOf(e.getMessage()), e);
    }

    private static BlobStore directory(String place) {
        try {
            return new FileBlobStore(Path.of(place));
        } catch (InvalidPathException e) {
            throw UserError.usage("blobs (%s) is no path. Maybe /shared/blobs?".formatted(place), e);
        }
    }

    private static BlobStore fileUri(String place) {
        try {
            return new FileBlobStore(Path.of(new URI(place)));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw UserError.usage(
                    "blobs (%s) is no file URI of this machine. Maybe file:/shared/blobs?".formatted(place), e);
        }
    }

    private static BlobStore s3(String place, BlobSettings settings) {
        String[] parts = place.substring("s3:".length()).split("/", 4);
        String bucket = parts.length > 2 ? parts[2] : "";
        String prefix = parts.length > 3 ? parts[3].replaceFirst("/$", "") : "";
        if (parts.length < 3
                || !(parts[0] + parts[1]).isEmpty()
                || !BUCKET.matcher(bucket).matches()
                || !PREFIX.matcher(prefix).matches()) {
            // Without the value, in which somebody may have written a password.
            throw UserError.usage("blobs (s3:…) is no s3://bucket/prefix of letters, digits, '.', '_' and '-'. Maybe"
                    + " s3://team/zooflow, with credentials in the environment?");
        }
        return new S3BlobStore(S3Clients.create(settings), bucket, prefix);
    }
}
