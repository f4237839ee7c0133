package dev.zooflow.data;

/**
 * A file of a known data set and the hash that tells whether it is the right one.
 *
 * @param name without {@code .gz}
 * @param distributedGzipped whether the sources offer it as {@code name.gz}
 * @param sha256 of the decompressed bytes, in lower-case hexadecimal: any gzip compression of them, or none, is right
 */
public record KnownFile(String name, boolean distributedGzipped, String sha256) {

    /** The name under which the sources offer it. */
    public String distributedName() {
        return distributedGzipped ? name + ".gz" : name;
    }
}
