package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFetcherTest {

    // SHA-256 of "abc" from FIPS 180-2, appendix B.1.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path dir;

    private HttpServer server;
    private final List<String> asked = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();

    @BeforeEach
    void startServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        serve("/good/", 200, TaskFixture.gzip("abc".getBytes(StandardCharsets.UTF_8)));
        serve("/wrong/", 200, TaskFixture.gzip("abd".getBytes(StandardCharsets.UTF_8)));
        serve("/cut/", 200, new byte[] {0x1f, (byte) 0x8b, 8, 0});
        serve("/missing/", 404, new byte[] {'n', 'o'});
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.stop(0);
    }

    private void serve(String path, int status, byte[] body) {
        server.createContext(path, exchange -> {
            asked.add(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private KnownDataset known(String... paths) {
        List<URI> sources = Stream.of(paths)
                .map(path -> URI.create(
                        "http://127.0.0.1:%d%s".formatted(server.getAddress().getPort(), path)))
                .toList();
        KnownFile file = new KnownFile("letters", true, ABC);
        return new KnownDataset("alphabet", "three letters", "abc", sources, List.of(file));
    }

    private List<Path> fetch(String... paths) {
        return new DataFetcher(progress::add).fetch(known(paths), dir);
    }

    private List<String> filesIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(f -> f.getFileName().toString()).toList();
        }
    }

    @Test
    void theFirstSourceThatDeliversTheRightBytesWins() throws IOException {
        Path expected = dir.resolve("abc/letters.gz");
        assertThat(fetch("/missing/", "/wrong/", "/cut/", "/good/", "/wrong/")).containsExactly(expected);
        assertThat(asked)
                .containsExactly("/missing/letters.gz", "/wrong/letters.gz", "/cut/letters.gz", "/good/letters.gz");
        assertThat(HashedInput.sha256(expected)).isEqualTo(ABC);
        assertThat(filesIn(dir.resolve("abc"))).containsExactly("letters.gz");
        assertThat(progress).last().asString().contains("complete and verified");
    }

    @Test
    void whatIsThereAndRightIsNotFetchedAgain() throws IOException {
        Files.writeString(dir.resolve("letters"), "abc");
        assertThat(fetch("/good/")).containsExactly(dir.resolve("letters"));
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsThereAndWrongIsReplaced() throws IOException {
        Files.createDirectories(dir.resolve("abc"));
        Files.writeString(dir.resolve("abc/letters.gz"), "something else");
        assertThat(fetch("/good/")).containsExactly(dir.resolve("abc/letters.gz"));
        assertThat(HashedInput.sha256(dir.resolve("abc/letters.gz"))).isEqualTo(ABC);
    }

    @Test
    void withoutASoundSourceNothingIsLeftAndEveryReasonIsGiven() throws IOException {
        int closedPort = server.getAddress().getPort();
        assertThatThrownBy(() -> fetch("/missing/", "/wrong/"))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE))
                .hasMessageContaining("letters.gz")
                .hasMessageContaining(dir.resolve("abc").toString())
                .hasMessageContaining("answers 404")
                .hasMessageContaining("expected SHA-256 " + ABC);
        assertThat(filesIn(dir.resolve("abc"))).isEmpty();

        server.stop(0);
        assertThatThrownBy(() -> fetch("/good/"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("http://127.0.0.1:%d/good/letters.gz".formatted(closedPort))
                .hasMessageContaining("offline");
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Files.writeString(dir.resolve("abc"), "a file in the folder's place");
        assertThatThrownBy(() -> fetch("/good/"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("folder (%s) cannot be written to".formatted(dir.resolve("abc")));
    }

    @Test
    void anInterruptEndsTheFetching() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> fetch("/good/", "/good/"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void theCatalogueKnowsItsDataSets() {
        assertThat(DataCatalog.all().stream().map(KnownDataset::name))
                .containsExactly("mnist", "fashion-mnist", "wdbc", "wine", "iris");
        assertThat(DataCatalog.all().stream().flatMap(d -> d.files().stream()).map(KnownFile::sha256))
                .allMatch(hash -> hash.matches("[0-9a-f]{64}"))
                .doesNotHaveDuplicates();
        assertThat(DataCatalog.all().stream().flatMap(d -> d.sources().stream()))
                .allMatch(source -> source.toString().endsWith("/"));
        assertThatThrownBy(() -> DataCatalog.fetch("fashon-mnist", dir))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.USAGE))
                .hasMessageContaining("Maybe fashion-mnist?");
    }
}
