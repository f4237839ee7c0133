package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest extends BlobStoreContract {

    @TempDir
    private Path root;

    @Override
    protected BlobStore store() {
        return new FileBlobStore(root);
    }

    @Override
    protected void damage(String path, String content) throws IOException {
        Files.writeString(root.resolve(path), content);
    }

    @Override
    protected void leave(String path, String content) throws IOException {
        Files.writeString(root.resolve(path), content);
    }

    @Override
    protected void age(String path, Duration age) throws IOException {
        Files.setLastModifiedTime(
                root.resolve(path), FileTime.from(Instant.now().minus(age)));
    }

    private Path file() {
        return root.resolve("ba").resolve(ABC.substring(2));
    }

    @Test
    void puttingTwiceWritesOnce() throws Exception {
        store().put(bytes("abc"));
        assertThat(file()).hasContent("abc");
        Object before = Files.getAttribute(file(), "unix:ino");
        store().put(bytes("abc"));

        assertThat(Files.getAttribute(file(), "unix:ino")).isEqualTo(before);
        assertThat(filesBelow(root)).containsExactly(file());
    }

    @Test
    void whatIsNoHashIsNoPath() {
        assertThatThrownBy(() -> new BlobRef("../../../etc/passwd", 3)).hasMessageContaining("no SHA-256");
    }

    @Test
    void aDirectoryThatCanNotBeWrittenIsNamed() throws Exception {
        Path blocked = Files.writeString(root.resolve("blocked"), "a file where the store's directory should be");

        assertThatThrownBy(() -> new FileBlobStore(blocked).put(bytes("abc")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(blocked.toString(), "can't be written", "Maybe");
    }

    @Test
    void whatDeadWritersLeftIsTidiedUpOnceItIsOld() throws Exception {
        BlobRef ref = store().put(bytes("abc"));
        BlobName name = new BlobName("states/run-1/train/a");
        store().point(name, new BlobPointer(1, List.of(ref)));
        Path dead = Files.writeString(root.resolve("ba/.x.1.tmp"), "ab");
        Path deadName = Files.writeString(root.resolve("names/states/run-1/train/.a.1.tmp"), "gen");
        Path live = Files.writeString(root.resolve("ba/.x.2.tmp"), "ab");
        age("ba/.x.1.tmp", Duration.ofHours(2));
        age("names/states/run-1/train/.a.1.tmp", Duration.ofHours(2));
        age("ba/" + ABC.substring(2), Duration.ofHours(2));

        assertThat(store().names()).containsExactly(name);
        store().tidy(Instant.now().minus(Duration.ofHours(1)));
        assertThat(dead).doesNotExist();
        assertThat(deadName).doesNotExist();
        assertThat(live).exists();
        assertThat(store().get(ref)).isEqualTo(bytes("abc"));
    }

    @Test
    void aShareThatIsNotMountedIsAwayAndLosesNothing() throws Exception {
        BlobRef ref = new BlobRef(ABC, 3);
        for (Path unmounted : List.of(root, root.resolve("no-directory"))) {
            assertThatThrownBy(() -> new FileBlobStore(unmounted).get(ref))
                    .isInstanceOf(StoreUnavailableException.class)
                    .hasMessageContainingAll("(%s) holds nothing".formatted(unmounted), "Maybe it is not mounted");
        }
    }

    @Test
    void nothingIsWrittenWhereEverythingThatWasThereIsGone() throws Exception {
        Path share = root.resolve("share");
        BlobStore store = new FileBlobStore(share);
        BlobName name = new BlobName("states/run-1/train/a");
        assertThat(store.pointer(name)).isEmpty();
        store.point(name, new BlobPointer(1, List.of(store.put(bytes("abc")))));
        Files.move(share, root.resolve("away"));
        Files.createDirectory(share);

        assertThatThrownBy(() -> store.put(bytes("x"))).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.pointer(name)).isInstanceOf(StoreUnavailableException.class);
        assertThatThrownBy(() -> store.point(name, new BlobPointer(2, List.of())))
                .isInstanceOf(StoreUnavailableException.class);
        assertThat(share).isEmptyDirectory();

        Files.delete(share);
        Files.move(root.resolve("away"), share);
        assertThat(store.pointer(name)).isPresent();
    }

    @Test
    void whatCanNotBeReadIsNotCalledMissing() throws Exception {
        // Opening a directory succeeds and reading it fails, as with a broken disk; so it does for every user.
        Files.createDirectories(file());
        BlobRef asLongAsItSays = new BlobRef(ABC, Files.size(file()));
        assertThatThrownBy(() -> store().get(asLongAsItSays))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContainingAll(file().toString(), "can't be read", "Maybe");
        BlobName name = new BlobName("states/run-1/train/a");
        Files.createDirectories(root.resolve("names").resolve(name.value()));
        assertThatThrownBy(() -> store().pointer(name))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContainingAll(name.value(), "can't be read", "Maybe");
    }

    @Test
    void aBlobThatIsPutAgainWhileItIsDeletedStays() throws Exception {
        BlobRef ref = store().put(bytes("abc"));
        age(path(ref), Duration.ofHours(3));
        // Somebody puts it after its time was looked at: its file is there and is only said to be of now.
        Disk racing = (Disk) Proxy.newProxyInstance(
                Disk.class.getClassLoader(), new Class<?>[] {Disk.class}, (proxy, method, arguments) -> {
                    boolean beginsToDelete = arguments[0].equals(file());
                    if (beginsToDelete) {
                        store().put(bytes("abc"));
                    }
                    return method.invoke(Disk.DEFAULT, arguments);
                });
        Instant limit = Instant.now().minus(Duration.ofHours(2));
        assertThat(new FileBlobStore(root, racing).deleteIfOlder(ref, limit)).isFalse();
        assertThat(store().get(ref)).isEqualTo(bytes("abc"));
        assertThat(filesBelow(root)).containsExactly(file());
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).collect(Collectors.toList());
        }
    }
}
