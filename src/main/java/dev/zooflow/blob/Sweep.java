package dev.zooflow.blob;

import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.StoredBlob;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Frees what nothing refers to, while others go on to put blobs and to publish what refers to them.
 *
 * <p>A blob is put before anything refers to it, and putting it again makes it young. So blobs are listed first, references
 * are read after that, and what is older than the grace period and has none is freed unless it was put again meanwhile.
 * What is left open is a writer that waits with its message for longer than the grace period.
 */
public final class Sweep {

    private final BlobStore blobs;
    private final Instant limit;
    private final List<StoredBlob> listed;
    private final List<BlobName> names;

    private Sweep(BlobStore blobs, Instant limit, List<StoredBlob> listed, List<BlobName> names) {
        this.blobs = blobs;
        this.limit = limit;
        this.listed = listed;
        this.names = names;
    }

    /**
     * What a sweep found and did.
     *
     * @param all blobs
     * @param young without a reference, in the grace period
     * @param freed or what would be
     * @param hashes SHA-256 of each of the latter
     */
    public record Outcome(Tally all, Tally young, Tally freed, List<String> hashes) {}

    /** A number of blobs and their bytes. */
    public record Tally(long blobs, long bytes) {
        private static final Tally NONE = new Tally(0, 0);

        private Tally plus(BlobRef ref) {
            return new Tally(blobs + 1, bytes + ref.size());
        }

        private static Tally of(List<StoredBlob> some) {
            Tally tally = NONE;
            for (StoredBlob blob : some) {
                tally = tally.plus(blob.ref());
            }
            return tally;
        }
    }

    /**
     * Lists what is there; references are to be read after this.
     *
     * @param limit the beginning of the grace period
     */
    public static Sweep begin(BlobStore blobs, Instant limit) throws IOException {
        return new Sweep(blobs, limit, blobs.list(), blobs.names());
    }

    /** The names that were there. */
    public List<BlobName> names() {
        return names;
    }

    /** Whether no blob was there. */
    public boolean isEmpty() {
        return listed.isEmpty();
    }

    /**
     * Frees blobs.
     *
     * @param referenced SHA-256 of those that are referred to, but for those that names point to
     * @param forgotten names that are to point nowhere from now on
     * @param dryRun whether everything stays as it is
     * @throws IOException when the store fails, or a name can't be read: what it points to is unknown then
     */
    public Outcome end(Set<String> referenced, Predicate<BlobName> forgotten, boolean dryRun) throws IOException {
        Set<String> roots = new HashSet<>(referenced);
        // Not those that were listed: a name that came meanwhile may point to what was there before.
        for (BlobName name : blobs.names()) {
            if (!forgotten.test(name)) {
                blobs.pointer(name).map(BlobPointer::blobs).orElse(List.of()).forEach(ref -> roots.add(ref.sha256()));
            } else if (!dryRun) {
                blobs.forget(name);
            }
        }
        List<StoredBlob> loose =
                listed.stream().filter(b -> !roots.contains(b.ref().sha256())).toList();
        List<StoredBlob> freed = new ArrayList<>();
        for (StoredBlob blob : loose) {
            if (blob.modified().isBefore(limit) && (dryRun || blobs.deleteIfOlder(blob.ref(), limit))) {
                freed.add(blob);
            }
        }
        if (!dryRun) {
            blobs.tidy(limit);
        }
        List<StoredBlob> young =
                loose.stream().filter(b -> !b.modified().isBefore(limit)).toList();
        List<String> hashes = freed.stream().map(b -> b.ref().sha256()).sorted().toList();
        return new Outcome(Tally.of(listed), Tally.of(young), Tally.of(freed), hashes);
    }
}
