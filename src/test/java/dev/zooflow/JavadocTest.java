package dev.zooflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code javadoc} has nothing to say against the documentation of the code, down to private members. */
class JavadocTest {

    private static final List<String> OPTIONS =
            List.of("-quiet", "-private", "-encoding", "UTF-8", "-Xdoclint:all,-missing", "-Werror");

    @TempDir
    private Path dir;

    /** What it says of these sources. */
    private String complaints(List<Path> sources) {
        List<String> files = sources.stream().map(Path::toString).toList();
        List<String> places =
                List.of("-d", dir.resolve("pages").toString(), "-cp", System.getProperty("java.class.path"));
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int code = ToolProvider.findFirst("javadoc")
                .orElseThrow()
                .run(
                        out,
                        out,
                        Stream.of(OPTIONS, places, files).flatMap(List::stream).toArray(String[]::new));
        assertThat(code == 0).as(said.toString()).isEqualTo(said.toString().isEmpty());
        return said.toString();
    }

    @Test
    void theCodeIsDocumentedWithoutAWarning() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(complaints(sources)).isEmpty();
        }
        assertThat(dir.resolve("pages/dev/zooflow/manifold/Manifold.html")).exists();
    }

    @Test
    void aBrokenLinkIsFound() throws IOException {
        Path file =
                Files.writeString(dir.resolve("Broken.java"), "/** See {@link Nothing}. */\npublic class Broken {}\n");
        assertThat(complaints(List.of(file))).contains("Nothing");
    }
}
