package dev.zooflow.data;

import java.util.Optional;

/**
 * A file of a known data set and the hash that tells whether it is the right one.
 *
 * @param name without {@code .gz}
 * @param distributedGzipped whether the sources offer it as {@code name.gz}
 * @param sha256 in lower-case hexadecimal
 * @param hashOf what the hash is of
 */
public record KnownFile(String name, boolean distributedGzipped, String sha256, HashOf hashOf) {

    /** What a published hash was computed over. */
    public enum HashOf {
        /** The decompressed bytes: any gzip compression of them, or none, is right. */
        CONTENT,
        /**
         * The gzip file as distributed. A file that was decompressed already cannot be compared with it: it is accepted
         * for its structure, which the loader checks, and its own hash is recorded.
         */
        DISTRIBUTED
    }

    /** The name under which the sources offer it. */
    public String distributedName() {
        return distributedGzipped ? name + ".gz" : name;
    }

    /** The hash that was found instead, where the file is not the right one. */
    Optional<String> wrongHash(HashedInput.Hashes found) {
        return switch (hashOf) {
            case CONTENT -> Optional.of(found.content()).filter(hash -> !hash.equals(sha256));
            case DISTRIBUTED -> Optional.of(found.stored()).filter(hash -> found.gzipped() && !hash.equals(sha256));
        };
    }
}
