package dev.zooflow.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.message.BlobName;
import dev.zooflow.message.BlobPointer;
import dev.zooflow.message.BlobRef;
import dev.zooflow.message.BlobStore;
import dev.zooflow.message.BlobStoreContract;
import dev.zooflow.message.StoreUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

class S3BlobStoreTest extends BlobStoreContract {

    private static final String SECRET = "a-secret-that-nobody-sees";

    private ObjectServer server;
    private S3Client client;

    @BeforeEach
    void start() throws IOException {
        server = new ObjectServer();
        client = client(server.endpoint());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static S3Client client(URI endpoint) {
        return S3Clients.builder(new BlobSettings(false, true, Optional.of(endpoint), "", true))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("key", SECRET)))
                .build();
    }

    @Override
    protected BlobStore store() {
        return new S3BlobStore(client, ObjectServer.BUCKET, "deep/down");
    }

    @Override
    protected void damage(String path, String content) {
        server.objects.computeIfPresent(
                "deep/down/" + path, (key, old) -> new ObjectServer.Stored(bytes(content), old.modified()));
    }

    @Override
    protected void leave(String path, String content) {
        server.objects.put("deep/down/" + path, new ObjectServer.Stored(bytes(content), Instant.now()));
    }

    @Override
    protected void age(String path, Duration age) {
        Instant then = Instant.now().minus(age).truncatedTo(ChronoUnit.SECONDS);
        server.objects.computeIfPresent("deep/down/" + path, (key, old) -> new ObjectServer.Stored(old.bytes(), then));
    }

    @Test
    void keysAreThePathsOfADirectory() throws Exception {
        store().put(bytes("abc"));
        store().point(new BlobName("states/a/b"), new BlobPointer(1, List.of()));
        new S3BlobStore(client, ObjectServer.BUCKET, "").put(bytes("abc"));
        assertThat(server.objects)
                .containsOnlyKeys(
                        "deep/down/" + path(new BlobRef(ABC, 3)),
                        "deep/down/names/states/a/b",
                        path(new BlobRef(ABC, 3)));
    }

    @Test
    void othersInTheBucketAreLeftAlone() throws Exception {
        server.objects.put("deep/downtown/x", new ObjectServer.Stored(bytes("x"), Instant.EPOCH));
        server.objects.put("deep/down/readme", new ObjectServer.Stored(bytes("x"), Instant.EPOCH));
        assertThat(store().list()).isEmpty();
        assertThat(store().names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500, 503})
    void aServerThatRefusesIsNamedWithItsStatusButNoSecret(int status) throws Exception {
        BlobRef ref = store().put(bytes("abc"));
        server.refuse(status);
        List<ThrowingCallable> asks = List.of(
                () -> store().put(bytes("abd")),
                () -> store().get(ref),
                () -> store().pointer(new BlobName("a")),
                () -> store().list(),
                () -> store().deleteIfOlder(ref, Instant.now()));
        for (ThrowingCallable ask : asks) {
            assertThatThrownBy(ask)
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContainingAll("s3://team/deep/down", String.valueOf(status), "Maybe")
                    .hasMessageNotContaining(SECRET);
        }
        server.refuse(0);
        assertThat(store().get(ref)).isEqualTo(bytes("abc"));
    }

    @Test
    void aMissingBucketIsNoMissingBlob() {
        BlobStore elsewhere = new S3BlobStore(client, "elsewhere", "");
        assertThatThrownBy(() -> elsewhere.pointer(new BlobName("a")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("NoSuchBucket");
    }

    @Test
    void aServerThatIsAwayIsNamed() {
        server.close();
        assertThatThrownBy(() -> store().put(bytes("abc")))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContainingAll("s3://team/deep/down", "Maybe the server is away");
        assertThatThrownBy(() -> store().get(new BlobRef(ABC, 3))).isInstanceOf(StoreUnavailableException.class);
    }

    @Test
    void nothingIsLoadedThatCanNotBeRight() throws Exception {
        BlobRef ref = store().put(new byte[4 << 20]);
        assertThatThrownBy(() -> store().get(new BlobRef(ref.sha256(), 3))).hasMessageContaining("3 bytes");
        assertThatThrownBy(() -> store().get(new BlobRef(ref.sha256(), 1L << 40)))
                .hasMessageContaining("2 GiB");
        assertThat(store().get(ref)).hasSize(4 << 20);
    }
}
