package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileBlobStoreTest {

    // printf abc | sha256sum
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path root;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path file() {
        return root.resolve("ba").resolve(ABC.substring(2));
    }

    @Test
    void whatIsPutIsGotByItsHash() throws Exception {
        BlobStore store = new FileBlobStore(root);

        assertThat(store.put(bytes("abc"))).isEqualTo(new BlobRef(ABC, 3));
        assertThat(store.get(new BlobRef(ABC, 3))).isEqualTo(bytes("abc"));
        assertThat(file()).hasContent("abc");
        assertThat(store.get(store.put(new byte[0]))).isEmpty();
    }

    @Test
    void puttingTwiceWritesOnce() throws Exception {
        BlobStore store = new FileBlobStore(root);
        store.put(bytes("abc"));
        Object before = Files.getAttribute(file(), "unix:ino");
        store.put(bytes("abc"));

        assertThat(Files.getAttribute(file(), "unix:ino")).isEqualTo(before);
        assertThat(filesBelow(root)).containsExactly(file());
    }

    @Test
    void damageIsFoundAndMended() throws Exception {
        BlobStore store = new FileBlobStore(root);
        BlobRef ref = store.put(bytes("abc"));

        Files.writeString(file(), "abd");
        assertThatThrownBy(() -> store.get(ref)).isInstanceOf(IOException.class).hasMessageContaining("SHA-256");
        Files.writeString(file(), "ab");
        assertThatThrownBy(() -> store.get(ref)).isInstanceOf(IOException.class).hasMessageContaining("3 bytes");
        store.put(bytes("abc"));
        assertThat(store.get(ref)).isEqualTo(bytes("abc"));
    }

    @Test
    void missingAndMisnamedBlobsAreReported() {
        assertThatThrownBy(() -> new FileBlobStore(root).get(new BlobRef(ABC, 3)))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(file().toString(), "missing");
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
    void manyWritersOfTheSameBlobAgree() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        try {
            List<Callable<BlobRef>> puts = IntStream.range(0, 64)
                    .<Callable<BlobRef>>mapToObj(i -> () -> new FileBlobStore(root).put(bytes("abc")))
                    .toList();
            for (Future<BlobRef> put : writers.invokeAll(puts)) {
                assertThat(put.get()).isEqualTo(new BlobRef(ABC, 3));
            }
        } finally {
            writers.shutdownNow();
        }
        assertThat(filesBelow(root)).containsExactly(file());
    }

    private static List<Path> filesBelow(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).collect(Collectors.toList());
        }
    }
}
