package dev.zooflow.message;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A name in a blob store, which points to blobs and can be made to point to others. No name is the beginning of another.
 *
 * @param value at most eight parts [a-z0-9][a-z0-9._-]{0,99} with a slash between them
 */
public record BlobName(String value) {

    private static final String PART = "[a-z0-9][a-z0-9._-]{0,99}";
    private static final Pattern ALLOWED = Pattern.compile(PART + "(/" + PART + "){0,7}");

    /** Checks the characters, because names are made of what messages say and become paths. */
    public BlobName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "blob name (%s) is no list of at most eight parts of a-z, 0-9, '.', '_' and '-' with a '/' between them"
                            .formatted(value));
        }
    }

    /** The name that this text is; empty when it is none. */
    public static Optional<BlobName> parse(String text) {
        return ALLOWED.matcher(text).matches() ? Optional.of(new BlobName(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
