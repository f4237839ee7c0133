package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.TaskShape;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CsvTaskTest {

    @TempDir
    private Path dir;

    /** Rows a, b, class with b constant; 60 rows, classes low, mid, high in turn. */
    private static String rows(int n) {
        String[] classes = {"low", "mid", "high"};
        return IntStream.range(0, n)
                .mapToObj(i -> "%d,0.1,%s\n".formatted(i * i, classes[i % 3]))
                .collect(Collectors.joining());
    }

    private Dataset load(TaskSpec task) {
        return Datasets.load(task, 1, dir);
    }

    private Dataset load(String content) throws IOException {
        write(content);
        return load(TaskFixture.csv("table.csv"));
    }

    private void write(String content) throws IOException {
        Files.writeString(dir.resolve("table.csv"), content);
    }

    @Test
    void aTableSaysTheShapeWhereItIsThereAndSound() throws IOException {
        TaskSpec task = TaskFixture.csv("table.csv");
        assertThat(Datasets.shape(task, 1, dir)).isEmpty();
        write("a,b,class\n" + rows(60));
        assertThat(Datasets.shape(task, 1, dir)).contains(new TaskShape(2, 3, 0, 60));
        write("a,b,class\n" + rows(60) + "1,x,low\n");
        assertThatThrownBy(() -> Datasets.shape(task, 1, dir)).isInstanceOf(UserError.class);
    }

    @Test
    void standardisesByTheTrainingSplitAloneAndSurvivesAConstantColumn() throws IOException {
        Dataset data = load("a,b,class\n" + rows(60));
        assertThat(data.inputs()).containsExactly("a", "b");
        assertThat(data.classes()).containsExactly("high", "low", "mid");
        assertThat(data.image()).isEmpty();
        assertThat(data.name()).isEqualTo("table.csv");
        assertThat(data.train().size()).isEqualTo(36);

        double mean = 0;
        double square = 0;
        for (int i = 0; i < data.train().size(); i++) {
            mean += data.train().x()[2 * i] / data.train().size();
            square += Math.pow(data.train().x()[2 * i], 2) / data.train().size();
            assertThat(data.train().x()[2 * i + 1]).isZero();
        }
        assertThat(mean).isBetween(-1e-6, 1e-6);
        assertThat(square).isBetween(1 - 1e-6, 1 + 1e-6);
        assertThat(data.normalisation().std()[1]).isEqualTo(1f);

        // Undoing the normalisation gives back the squares of the file, each exactly once over all splits.
        int[] raw = IntStream.concat(
                        raw(data, data.train()), IntStream.concat(raw(data, data.validation()), raw(data, data.test())))
                .sorted()
                .toArray();
        assertThat(raw).isEqualTo(IntStream.range(0, 60).map(i -> i * i).toArray());
    }

    private static IntStream raw(Dataset data, Split split) {
        Normalisation n = data.normalisation();
        return IntStream.range(0, split.size()).map(i -> Math.round(split.x()[2 * i] * n.std()[0] + n.mean()[0]));
    }

    @Test
    void anOutlierInTheTestSplitDoesNotChangeTheNormalisation() throws IOException {
        Dataset plain = load("a,b,class\n" + rows(60));
        int testValue = raw(plain, plain.test()).filter(v -> v > 0).findFirst().orElseThrow();
        Dataset changed = load("a,b,class\n" + rows(60).replaceAll("(?m)^" + testValue + ",", "1e6,"));
        assertThat(changed.normalisation().mean())
                .isEqualTo(plain.normalisation().mean());
        assertThat(changed.train().x()).isEqualTo(plain.train().x());
        assertThat(changed.test().x()).isNotEqualTo(plain.test().x());
    }

    @Test
    void splitsHaveEachClassInProportion() throws IOException {
        Dataset data = load("a,b,class\n" + rows(60));
        for (Split split : List.of(data.train(), data.validation(), data.test())) {
            for (int c = 0; c < 3; c++) {
                int of = c;
                assertThat(IntStream.of(split.y()).filter(y -> y == of).count()).isEqualTo(split.size() / 3);
            }
        }
    }

    @Test
    void labelByNameOrIndexWithIgnoredColumnsAndOtherDelimiters() throws IOException {
        write("id;kind;size\n"
                + IntStream.range(0, 40)
                        .mapToObj(i -> "row %d; \"k;%d\" ; %d.5\n".formatted(i, i % 2, i))
                        .collect(Collectors.joining()));
        for (String label : List.of("kind", "1", "-2")) {
            Dataset data = load(TaskFixture.csv("table.csv", label, List.of("id"), true, ';'));
            assertThat(data.classes()).containsExactly("k;0", "k;1");
            assertThat(data.inputs()).containsExactly("size");
        }
        assertThat(load(TaskFixture.csv("table.csv", "kind", List.of("0"), true, ';'))
                        .inputs())
                .containsExactly("size");
    }

    @Test
    void withoutHeaderColumnsAreNumberedAndNumericClassesSortedByValue() throws IOException {
        write(IntStream.range(0, 40)
                .mapToObj(i -> "%d,%d\r\n".formatted(i % 2 == 0 ? 10 : 9, i))
                .collect(Collectors.joining()));
        Dataset data = load(TaskFixture.csv("table.csv", "0", List.of(), false, ','));
        assertThat(data.inputs()).containsExactly("column-1");
        assertThat(data.classes()).containsExactly("9", "10");
        assertThat(data.train().size() + data.validation().size() + data.test().size())
                .isEqualTo(40);
    }

    @Test
    void byteOrderMarkBlankLinesAndGzipAreAccepted() throws IOException {
        String content = "\uFEFFa,b,class\r\n\r\n" + rows(30).replace("\n", "\r\n") + "  \r\n";
        Files.write(dir.resolve("table.csv"), TaskFixture.gzip(content.getBytes(StandardCharsets.UTF_8)));
        Dataset data = load(TaskFixture.csv("table.csv"));
        assertThat(data.inputs()).containsExactly("a", "b");
        assertThat(data.train().size()).isEqualTo(18);
        assertThat(data.hashes()).containsOnlyKeys("table.csv");
    }

    @Test
    void withoutStandardisationTheNumbersStay() throws IOException {
        write("a,b,class\n" + rows(30));
        TaskSpec t = TaskFixture.csv("table.csv");
        TaskSpec raw = new TaskSpec(
                t.kind(), 0.2, 0.2, 100, 8, 0, 0, 2, 30, t.file(), "-1", List.of(), true, ',', false, "", "", "", "");
        Dataset data = load(raw);
        assertThat(data.train().x()[1]).isEqualTo(0.1f);
        assertThat(data.normalisation().mean()).containsOnly(0f);
    }

    @ParameterizedTest(name = "cell \"{0}\": {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | has no value",
                "? | has no value",
                "NA | has no value",
                "abc | is not a finite number",
                "NaN | is not a finite number",
                "Infinity | is not a finite number",
                "-inf | is not a finite number",
                "1e400 | too large",
                "1e39 | too large",
                "0x1p3 | is not a finite number",
                "1f | is not a finite number",
                "1 000 | is not a finite number",
                "'\"3,5\"' | decimal point"
            })
    void aBadCellIsNamedByFileLineAndColumn(String cell, String fault) {
        String content = "a,b,class\n" + rows(9) + cell + ",1,low\n" + rows(9);
        assertThatThrownBy(() -> load(content))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE))
                .hasMessageContaining(dir.resolve("table.csv").toString())
                .hasMessageContaining("line 11 column a")
                .hasMessageContaining(fault)
                .hasMessageContaining("Maybe");
    }

    @Test
    void linesAreCountedAcrossBlankLinesAndQuotedLineBreaks() {
        String content = "a,b,class\n\n1,2,\"two\nlines\"\n\n1,x,\"more\nlines\"\n";
        assertThatThrownBy(() -> load(content)).isInstanceOf(UserError.class).hasMessageContaining("line 6 column b");
    }

    @Test
    void aMissingLabelIsNamed() {
        assertThatThrownBy(() -> load("a,b,class\n" + rows(9) + "1,1,\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 11 column class has no value");
    }

    @ParameterizedTest(name = "row {0}")
    @ValueSource(strings = {"1,2", "1,2,3,low"})
    void aRaggedRowIsNamed(String row) {
        assertThatThrownBy(() -> load("a,b,class\n" + rows(9) + row + "\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cells in line 11 but 3 columns");
    }

    @Test
    void emptyFilesAndLoneHeadersAreRefused() {
        for (String content : List.of("", "\n\n", "a,b,class\n")) {
            assertThatThrownBy(() -> load(content))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("holds no rows");
        }
    }

    @Test
    void anUnknownLabelSuggestsTheNearestName() throws IOException {
        write("alpha,beta,klass\n" + rows(30));
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "class", List.of(), true, ',')))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.USAGE))
                .hasMessageContaining("task.label (class) is not a column")
                .hasMessageEndingWith("Maybe klass?");
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "3", List.of(), true, ',')))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("task.label (3) is outside the 3 columns");
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "-1", List.of("bta"), true, ',')))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("task.ignore (bta)")
                .hasMessageEndingWith("Maybe beta?");
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "-1", List.of("klass"), true, ',')))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("leaves out the label column");
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "-1", List.of("0", "1"), true, ',')))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("leaves no feature column");
    }

    @Test
    void headersThatCannotBeAreRefused() throws IOException {
        assertThatThrownBy(() -> load("a,a,class\n" + rows(30)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("column name (a) stands twice");
        assertThatThrownBy(() -> load("0.5,1.5,low\n" + rows(30)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("Maybe task.header = false?");
        write("a,b,class\n" + rows(30));
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "-1", List.of(), false, ',')))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line 1 column column-0 holds \"a\"")
                .hasMessageContaining("task.header");
    }

    @Test
    void labelsThatAreNoClassesAreRefused() {
        assertThatThrownBy(() -> load("a,b,class\n" + rows(30).replaceAll("low|mid|high", "same")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("only the class [same]");
        String distinct =
                IntStream.range(0, 30).mapToObj(i -> "1,2," + i + "\n").collect(Collectors.joining());
        assertThatThrownBy(() -> load("a,b,class\n" + distinct))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("hardly classes");
    }

    @Test
    void malformedTextIsRefused() throws IOException {
        assertThatThrownBy(() -> load("a,b,class\n1,\"2\"3,low\n"))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("line: 2");
        Files.write(dir.resolve("table.csv"), new byte[] {'a', ',', 'b', '\n', '1', ',', (byte) 0xE4, '\n'});
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("not UTF-8");
        assertThatThrownBy(() -> load(TaskFixture.csv("table.csv", "-1", List.of(), true, '"')))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("task.delimiter");
    }

    @Test
    void aMissingFileNamesTheFolder() {
        assertThatThrownBy(() -> load(TaskFixture.csv("other.csv")))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE))
                .hasMessageContaining("task.file (other.csv) is not in " + dir);
        assertThatThrownBy(() -> load(TaskFixture.csv(".")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a file");
        assertThatThrownBy(() -> load(TaskFixture.csv("")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("names no file");
        assertThatThrownBy(() -> load(TaskFixture.csv("a\0b")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("is not a file name");
    }

    @Test
    void aClassWithOneExampleIsLearntFrom() throws IOException {
        Dataset data = load("a,b,class\n" + rows(60) + "5,0.1,rare\n");
        int rare = data.classes().indexOf("rare");
        assertThat(data.train().y()).contains(rare);
        assertThat(data.test().y()).doesNotContain(rare);
    }
}
