package dev.zooflow.blob;

import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.LostBlobException;
import dev.zooflow.message.StoreUnavailableException;
import dev.zooflow.message.StoredBlob;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A blob store in a bucket of S3-compatible object storage, which processes share. Keys are the paths of a {@link
 * dev.zooflow.message.FileBlobStore}, so that the one can be copied to the other. An object appears whole or not at all, and
 * a blob is verified whenever it is read. The client tries again what fails for a moment; times are in whole seconds.
 */
final class S3BlobStore implements BlobStore {

    private static final Logger LOG = LoggerFactory.getLogger(S3BlobStore.class);
    private static final Pattern KEY = Pattern.compile("([0-9a-f]{2})/([0-9a-f]{62})");
    private static final String NAMES = "names/";
    private static final int NOT_FOUND = 404;
    private static final int MOST_POINTER_BYTES = 4096;

    private final S3Client client;
    private final String bucket;
    private final String prefix;

    /** Objects of a bucket whose keys begin with this prefix and a slash; without a slash where it is empty. */
    S3BlobStore(S3Client client, String bucket, String prefix) {
        this.client = client;
        this.bucket = bucket;
        this.prefix = prefix.isEmpty() ? "" : prefix + "/";
    }

    /** Always sends the bytes: that mends a damaged object, and says that it is of now. */
    @Override
    public BlobRef put(byte[] bytes) throws IOException {
        BlobRef ref = BlobRef.of(bytes);
        write(key(ref), bytes);
        return ref;
    }

    @Override
    public byte[] get(BlobRef ref) throws IOException {
        String key = key(ref);
        check(ref.size() < Integer.MAX_VALUE - 8, key, "has more than 2 GiB");
        byte[] bytes = read(
                        key, size -> size == ref.size(), "does not have the %d bytes it should".formatted(ref.size()))
                .orElseThrow(() -> new LostBlobException(
                        "blob (%s) is missing. Maybe this process has another blob store than the one that wrote it?"
                                .formatted(place(key))));
        check(BlobRef.of(bytes).equals(ref), key, "does not have the SHA-256 it is named after");
        return bytes;
    }

    @Override
    public void delete(BlobRef ref) throws IOException {
        remove(key(ref));
    }

    @Override
    public void point(BlobName name, BlobPointer pointer) throws IOException {
        write(key(name), pointer.encode());
    }

    @Override
    public Optional<BlobPointer> pointer(BlobName name) throws IOException {
        Optional<byte[]> bytes = read(key(name), size -> size <= MOST_POINTER_BYTES, "is too long for a name");
        try {
            return bytes.map(BlobPointer::decode);
        } catch (IllegalArgumentException e) {
            throw new LostBlobException(
                    "name (%s) can't be read: %s. Maybe it was damaged?".formatted(place(key(name)), e.getMessage()),
                    e);
        }
    }

    @Override
    public void forget(BlobName name) throws IOException {
        remove(key(name));
    }

    @Override
    public List<StoredBlob> list() throws IOException {
        List<StoredBlob> found = new ArrayList<>();
        for (S3Object object : objects(prefix)) {
            Matcher key = KEY.matcher(object.key().substring(prefix.length()));
            if (key.matches()) {
                BlobRef ref = new BlobRef(key.group(1) + key.group(2), object.size());
                found.add(new StoredBlob(ref, object.lastModified()));
            }
        }
        return found;
    }

    @Override
    public List<BlobName> names() throws IOException {
        String below = prefix + NAMES;
        return objects(below).stream()
                .flatMap(object -> name(object.key(), below.length()).stream())
                .toList();
    }

    private static Optional<BlobName> name(String key, int begin) {
        Optional<BlobName> name = BlobName.parse(key.substring(begin));
        if (name.isEmpty()) {
            LOG.warn("{} is no name, it is passed over", key);
        }
        return name;
    }

    private List<S3Object> objects(String below) throws IOException {
        return reach(
                "listed",
                () -> client.listObjectsV2Paginator(r -> r.bucket(bucket).prefix(below)).contents().stream()
                        .toList());
    }

    /**
     * {@inheritDoc}
     *
     * <p>Object storage has no deletion that depends on a time: the same bytes put again between the look and the deletion,
     * which is milliseconds, are lost, and whoever reads them says so.
     */
    @Override
    public boolean deleteIfOlder(BlobRef ref, Instant than) throws IOException {
        Optional<Instant> modified = ifThere(
                () -> client.headObject(r -> r.bucket(bucket).key(key(ref))).lastModified());
        if (modified.isPresent() && !modified.get().isBefore(than)) {
            return false;
        }
        delete(ref);
        return true;
    }

    /** Nothing: an object that was not sent to its end does not appear. */
    @Override
    public void tidy(Instant before) {}

    private void write(String key, byte[] bytes) throws IOException {
        reach("written", () -> client.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(bytes)));
    }

    private void remove(String key) throws IOException {
        reach("written", () -> client.deleteObject(r -> r.bucket(bucket).key(key)));
    }

    /** The bytes of an object, if it is there. The size is looked at first, so that nothing is loaded that can't be right. */
    private Optional<byte[]> read(String key, LongPredicate size, String wrong) throws IOException {
        Optional<ResponseInputStream<GetObjectResponse>> found =
                ifThere(() -> client.getObject(r -> r.bucket(bucket).key(key)));
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (ResponseInputStream<GetObjectResponse> in = found.get()) {
            if (size.test(in.response().contentLength())) {
                return Optional.of(in.readAllBytes());
            }
            in.abort();
        } catch (IOException | SdkException e) {
            throw unavailable("read", e);
        }
        throw damaged(key, wrong);
    }

    private <T> Optional<T> ifThere(Supplier<T> request) throws IOException {
        try {
            return Optional.of(request.get());
        } catch (S3Exception e) {
            // A bucket that is missing is another thing than a key.
            if (e.statusCode() == NOT_FOUND && !"NoSuchBucket".equals(code(e))) {
                return Optional.empty();
            }
            throw unavailable("read", e);
        } catch (SdkException e) {
            throw unavailable("read", e);
        }
    }

    private <T> T reach(String what, Supplier<T> request) throws IOException {
        try {
            return request.get();
        } catch (SdkException e) {
            throw unavailable(what, e);
        }
    }

    private StoreUnavailableException unavailable(String what, Exception e) {
        String reason = e instanceof S3Exception s && s.statusCode() > 0
                ? "status %d %s".formatted(s.statusCode(), code(s))
                : e.getMessage();
        return new StoreUnavailableException(
                "blob store (%s) can't be %s: %s. Maybe the server is away, or the endpoint, bucket, credentials or rights are wrong?"
                        .formatted(this, what, reason),
                e);
    }

    private static String code(S3Exception e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? ""
                : e.awsErrorDetails().errorCode();
    }

    private void check(boolean good, String key, String wrong) throws IOException {
        if (!good) {
            throw damaged(key, wrong);
        }
    }

    private LostBlobException damaged(String key, String wrong) {
        return new LostBlobException("blob (%s) %s. Maybe it was damaged?".formatted(place(key), wrong));
    }

    private String key(BlobRef ref) {
        return prefix + ref.sha256().substring(0, 2) + "/" + ref.sha256().substring(2);
    }

    private String key(BlobName name) {
        return prefix + NAMES + name.value();
    }

    private String place(String key) {
        return "s3://" + bucket + "/" + key;
    }

    /** Where it is. */
    @Override
    public String toString() {
        return place(prefix);
    }
}
