package dev.zooflow.blob;

import dev.zooflow.experiment.UserError;
import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Whose blobs a store holds. A store belongs to one event log: what another one does not refer to would be garbage to it.
 *
 * @param name says which event log it is, the same from wherever it is reached
 */
public record StoreOwner(String name) {

    private static final BlobName MARK = new BlobName("owner");

    /**
     * Marks a store that has no owner yet.
     *
     * @throws UserError when it has another, or the store fails
     */
    public void claim(BlobStore store) {
        if (!owns(store)) {
            try {
                store.point(MARK, new BlobPointer(1, List.of(store.put(name.getBytes(StandardCharsets.UTF_8)))));
            } catch (IOException e) {
                throw BlobStores.unusable(e);
            }
        }
    }

    /**
     * Whether the store is marked as ours; it is not while nobody has claimed it.
     *
     * @throws UserError when it is another's, or the store fails
     */
    public boolean owns(BlobStore store) {
        Optional<String> marked = marked(store);
        if (marked.isPresent() && !marked.get().equals(name)) {
            throw UserError.usage(
                    "blobs (%s) belong to %s, not to %s. Maybe another directory or s3 prefix for each cluster and kafka.prefix?"
                            .formatted(store, marked.get(), name));
        }
        return marked.isPresent();
    }

    private static Optional<String> marked(BlobStore store) {
        try {
            Optional<BlobRef> mark = store.pointer(MARK)
                    .flatMap(pointer -> pointer.blobs().stream().findFirst());
            return mark.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new String(store.get(mark.get()), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw BlobStores.unusable(e);
        }
    }
}
