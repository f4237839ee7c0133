package dev.zooflow.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import dev.zooflow.experiment.ExperimentFile;
import dev.zooflow.experiment.Reference;
import dev.zooflow.message.AsyncApi;
import dev.zooflow.message.MessageTypes;
import dev.zooflow.message.Role;
import dev.zooflow.message.Topic;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands and files that README and experiments show are ones that the program takes. */
class DocumentationTest {

    private static final Pattern COMMAND =
            Pattern.compile("java -jar target/zooflow\\.jar ([^`\\n]+)|`((?:run|validate) experiments/[^`]+)`");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern ALL_KEYS =
            Pattern.compile("(?s)<summary>All keys</summary>\\n\\n```text\\n(.*?)```\\n\\n</details>");
    private static final Pattern BLOCK_OF_KEY = Pattern.compile("(zooflow\\.)?[a-z]+\\.");
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
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            experiments
                                    .filter(f -> f.toString().endsWith(".conf"))
                                    .sorted())
                    .flatMap(file -> COMMAND.matcher(read(file)).results())
                    .map(m -> m.group(1) == null ? m.group(2) : m.group(1))
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
    void everyCommandIsTaken(String line) throws IOException {
        List<String> words = words(line);
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        CommandLine.ParseResult parsed = Cli.create(nowhere, nowhere).parseArgs(words.toArray(String[]::new));
        assertThat(parsed.hasSubcommand()).isTrue();
        if (words.size() > 1 && words.get(1).endsWith(".conf")) {
            List<String> each = parsed.subcommand().matchedOptionValue("--each", List.of());
            List<String> overrides = words.stream()
                    .skip(2)
                    .filter(w -> w.contains("=") && !w.startsWith("--") && !each.contains(w))
                    .toList();
            assertThat(ExperimentFile.loadAll(Path.of(words.get(1)), overrides, each))
                    .allSatisfy(run -> assertThat(run.spec().flows()).isNotEmpty())
                    .isNotEmpty();
        }
    }

    private static List<String> blocks() {
        return BLOCK.matcher(read(Path.of("README.md")))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    @Test
    void blocksOfFilesStandInThemAsTheyAreShown() {
        for (String name : List.of("iris", "which-flow")) {
            assertThat(read(Path.of("experiments", name + ".conf")))
                    .contains(blocks().stream()
                            .filter(block -> block.startsWith("name = " + name + "\n"))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(name)));
        }
    }

    @Test
    void everyBlockOfSettingsIsRead() throws IOException {
        List<String> blocks = blocks();
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

    /** The part of the README below a heading, down to the next one. */
    private static String section(String title) {
        String readme = read(Path.of("README.md"));
        Matcher heading =
                Pattern.compile("(?m)^#{2,3} " + Pattern.quote(title) + "$").matcher(readme);
        assertThat(heading.find()).as(title).isTrue();
        return readme.substring(heading.end()).split("(?m)^#{2,3} ", 2)[0];
    }

    /** Rows of the first table below a line that holds this, heads left out; cells from 1. */
    private static List<String[]> table(String text, String head) {
        return text.substring(text.indexOf(head))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.split(" ?\\| ?", -1))
                .toList();
    }

    /** What stands in back-ticks. */
    private static List<String> code(String text) {
        return CODE.matcher(text).results().map(m -> m.group(1)).toList();
    }

    private static List<String> firstCells(List<String[]> table) {
        return table.stream().flatMap(row -> code(row[1]).stream()).toList();
    }

    private static Stream<String> leaves(CommandLine command) {
        return command.getSubcommands().values().stream()
                .filter(sub -> !(sub.getCommand() instanceof CommandLine.HelpCommand))
                .flatMap(sub -> sub.getSubcommands().values().stream()
                                .allMatch(s -> s.getCommand() instanceof CommandLine.HelpCommand)
                        ? Stream.of(sub.getCommandSpec().qualifiedName(" ").replaceFirst("^zooflow ", ""))
                        : leaves(sub));
    }

    @Test
    void everyCommandHasItsLineAndEveryLineItsCommand() {
        PrintWriter nowhere = new PrintWriter(new StringWriter());
        Pattern name = Pattern.compile("^[a-z]+( [a-z]+)*");
        assertThat(firstCells(table(section("Commands"), "| command |")).stream()
                        .flatMap(cell -> name.matcher(cell).results().map(MatchResult::group)))
                .containsExactlyInAnyOrderElementsOf(
                        leaves(Cli.create(nowhere, nowhere)).toList());
    }

    @Test
    void everyBlockOfKeysHasItsLine() {
        ConfigObject zooflow = ConfigFactory.parseFile(new File("src/main/resources/reference.conf"))
                .resolve()
                .getObject("zooflow");
        String section = section("Experiment files");
        assertThat(firstCells(table(section, "| block |")))
                .containsExactlyInAnyOrderElementsOf(blocks((ConfigObject) zooflow.get("experiment")));
        assertThat(firstCells(table(section, "| block of a process |")))
                .containsExactlyInAnyOrderElementsOf(blocks(zooflow.withoutKey("experiment")));
    }

    /** With {@code -Dreadme.write=true} they are written anew. */
    @Test
    void allKeysAreShownWithTheirDefaults() throws IOException {
        Path file = Path.of("README.md");
        Matcher shown = ALL_KEYS.matcher(read(file));
        assertThat(shown.find()).isTrue();
        String wanted = allKeys();
        if (Boolean.getBoolean("readme.write")) {
            StringBuilder written = new StringBuilder(read(file));
            Files.writeString(file, written.replace(shown.start(1), shown.end(1), wanted));
        } else {
            assertThat(shown.group(1))
                    .as("Maybe write them anew: mvn test -Dtest=DocumentationTest -Dreadme.write=true")
                    .isEqualTo(wanted);
        }
    }

    /** A line for each key, and an empty one between the blocks of {@code reference.conf}. */
    private static String allKeys() {
        StringBuilder lines = new StringBuilder();
        String above = "";
        for (Reference.Entry entry : Reference.read().beginningWith("")) {
            for (Reference.Key key : entry.keys()) {
                if (key.value().isPresent()) {
                    Matcher block = BLOCK_OF_KEY.matcher(key.path());
                    String own = block.lookingAt() ? block.group() : "";
                    lines.append(own.equals(above) ? "" : "\n")
                            .append(key.line())
                            .append('\n');
                    above = own;
                }
            }
        }
        return lines.toString();
    }

    private static List<String> blocks(ConfigObject settings) {
        return settings.entrySet().stream()
                .filter(e -> e.getValue() instanceof ConfigObject || e.getValue() instanceof ConfigList)
                .map(Map.Entry::getKey)
                .toList();
    }

    @Test
    void everyRoleIsSaidToTakeAndPublishWhatItDoes() {
        List<String[]> rows = table(section("Roles"), "| role |");
        assertThat(firstCells(rows)).containsExactlyInAnyOrderElementsOf(RoleConverter.everything());
        Set<String> ofAll = new TreeSet<>(messages(Role.TRAINER.id() + ".send."));
        for (Role role : Role.values()) {
            ofAll.retainAll(messages(role.id() + ".send."));
        }
        assertThat(code(section("Roles").split("\\| role \\|", 2)[0])).containsAll(ofAll);
        for (String[] row : rows) {
            String role = code(row[1]).get(0);
            assertThat(code(row[2]))
                    .as("what %s takes", role)
                    .containsExactlyInAnyOrderElementsOf(messages(role + ".receive.tasks."));
            Set<String> published = messages(role + ".send.");
            published.removeAll(ofAll);
            published.removeIf(message -> messages("coordinator.send.tasks.").contains(message));
            assertThat(code(row[3]).stream().filter(MessageTypes.all()::containsKey))
                    .as("what %s publishes", role)
                    .containsExactlyInAnyOrderElementsOf(published);
            assertThat(code(row[3])).as("where %s publishes", role).containsAll(topics(role, published));
        }
    }

    /** Names of messages in operations of the topics' document whose names begin so. */
    private static Set<String> messages(String operations) {
        return AsyncApi.document().get("operations").properties().stream()
                .filter(o -> o.getKey().startsWith(operations))
                .flatMap(o -> o.getValue().get("messages").findValuesAsText("$ref").stream())
                .map(ref -> ref.substring(ref.lastIndexOf('/') + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Topics of events to which a role sends one of these messages. */
    private static List<String> topics(String role, Set<String> messages) {
        return Arrays.stream(Topic.values())
                .map(Topic::thing)
                .filter(thing ->
                        messages("%s.send.%s".formatted(role, thing)).stream().anyMatch(messages::contains))
                .toList();
    }

    @Test
    void everyTopicHasItsLine() {
        assertThat(firstCells(table(section("The path of a network"), "| topic ")))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                Arrays.stream(Topic.values())
                                        .map(topic -> topic.isQueue() ? "tasks.<role>" : topic.thing()),
                                Stream.of("dlq.zooflow.*"))
                        .distinct()
                        .toList());
    }

    @Test
    void theReportIsReadInItsOrder() {
        List<String> sections = Pattern.compile("<h2>(.*?)</h2>")
                .matcher(read(Path.of("src/main/resources/dev/zooflow/report/report.html")))
                .results()
                .map(m -> m.group(1))
                .toList();
        assertThat(table(section("Reading a report"), "| section |").stream().map(row -> row[1].replace("*", "")))
                .containsSubsequence(sections);
    }

    @Test
    void whatIsToBeTouchedIsThere() throws IOException {
        Map<String, String> sources = new HashMap<>();
        for (String root : List.of("src/main/java", "src/test/java")) {
            try (Stream<Path> files = Files.walk(Path.of(root))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> sources.merge(
                                file.getFileName().toString().replace(".java", ""), read(file), String::concat));
            }
        }
        Pattern name = Pattern.compile("([A-Z]\\w+)(?:\\.(\\w+))?");
        List<String> words = code(section("Adding something"));
        assertThat(words).hasSizeGreaterThan(40);
        for (String word : words) {
            Matcher named = name.matcher(word);
            if (named.matches()) {
                String source = sources.getOrDefault(named.group(1), "");
                assertThat(source.isEmpty()).as("no class %s", word).isFalse();
                String part = named.group(named.group(2) == null ? 1 : 2);
                Pattern member = Pattern.compile("\\b" + part + "\\b");
                assertThat(member.matcher(source).find()).as(word).isTrue();
            } else if (word.contains("/")) {
                assertThat(Path.of(word)).exists();
            }
        }
    }
}
