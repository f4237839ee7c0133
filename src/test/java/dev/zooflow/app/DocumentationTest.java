package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.zooflow.experiment.ExperimentFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands and files that README and experiments show are ones that the program takes. */
class DocumentationTest {

    private static final Pattern COMMAND = Pattern.compile("java -jar target/zooflow\\.jar ([^`\\n]+)");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern BLOCK = Pattern.compile("(?s)```hocon\\n(.*?)```");

    @TempDir
    private Path dir;

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> commands() throws IOException {
        try (Stream<Path> experiments = Files.list(Path.of("experiments"))) {
            return Stream.concat(Stream.of(Path.of("README.md")), experiments.sorted())
                    .flatMap(file -> COMMAND.matcher(read(file)).results().map(m -> m.group(1)))
                    .map(line -> line.replaceFirst("\\s+#.*", ""))
                    .distinct()
                    .toList();
        }
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        WORD.matcher(line).results().forEach(m -> words.add(m.group(1) == null ? m.group(2) : m.group(1)));
        return words;
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandIsTaken(String line) {
        List<String> words = words(line);
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        CommandLine.ParseResult parsed = Cli.create(nowhere, nowhere).parseArgs(words.toArray(String[]::new));
        assertThat(parsed.hasSubcommand()).isTrue();
        if (words.size() > 1 && words.get(1).startsWith("experiments/")) {
            List<String> overrides =
                    words.stream().skip(2).filter(w -> w.contains("=")).toList();
            assertThat(ExperimentFile.load(Path.of(words.get(1)), overrides).flows())
                    .isNotEmpty();
        }
    }

    @Test
    void everyBlockOfSettingsIsRead() throws IOException {
        List<String> blocks = BLOCK.matcher(read(Path.of("README.md")))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertThat(blocks).hasSizeGreaterThan(4);
        for (String block : blocks) {
            if (block.startsWith("zooflow.")) {
                // What it takes from the environment is nobody's business here.
                String text = block.replaceAll("\\$\\{\\w+}", "secret");
                assertThat(AppSettings.load(Optional.of(Files.writeString(dir.resolve("s.conf"), text))))
                        .isNotNull();
            } else {
                assertThat(ExperimentFile.parse(block).flows()).as(block).isNotEmpty();
            }
        }
    }
}
