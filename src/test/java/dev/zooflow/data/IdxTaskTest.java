package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.data.IdxFile.Content;
import dev.zooflow.experiment.TaskShape;
import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxTaskTest {

    private static final int UBYTE = 8;

    @TempDir
    private Path dir;

    private int[] pixels = {};

    @BeforeEach
    void writeASoundTask() throws IOException {
        pixels = TaskFixture.random(30 * 6, 256, 1);
        write("train-images", TaskFixture.gzip(TaskFixture.idxBytes(UBYTE, new int[] {30, 2, 3}, pixels)));
        write("train-labels", labels(30, 3));
        write("test-images", TaskFixture.idxBytes(UBYTE, new int[] {6, 2, 3}, TaskFixture.random(36, 256, 2)));
        write("test-labels", TaskFixture.gzip(labels(6, 3)));
    }

    /** Labels 0, 100, 200, … in turn: gaps, and bytes above 127. */
    private static byte[] labels(int n, int classes) {
        int[] values = new int[n];
        Arrays.setAll(values, i -> 100 * (i % classes));
        return TaskFixture.idxBytes(UBYTE, new int[] {n}, values);
    }

    private void write(String name, byte[] bytes) throws IOException {
        Files.write(dir.resolve(name), bytes);
    }

    private Dataset load() {
        return Datasets.load(TaskFixture.idx("train-images", "train-labels", "test-images", "test-labels"), 1, dir);
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE))
                .hasMessageContainingAll(parts)
                .hasMessageEndingWith("?");
    }

    @Test
    void readsPlainAndGzippedFiles() {
        Dataset data = load();
        assertThat(data.train().size()).isEqualTo(24);
        assertThat(data.validation().size()).isEqualTo(6);
        assertThat(data.classes()).containsExactly("0", "100", "200");
        assertThat(data.image()).contains(new ImageShape(2, 3));
        assertThat(data.inputs())
                .containsExactly("pixel-0-0", "pixel-0-1", "pixel-0-2", "pixel-1-0", "pixel-1-1", "pixel-1-2");
        assertThat(data.normalisation().std()).containsOnly(255f);
        assertThat(data.test().y()).containsExactly(0, 1, 2, 0, 1, 2);
        int[] raw = TaskFixture.random(36, 256, 2);
        for (int i = 0; i < raw.length; i++) {
            assertThat(data.test().x()[i]).isEqualTo(raw[i] / 255f);
        }
        assertThat(data.hashes()).containsOnlyKeys("train-images", "train-labels", "test-images", "test-labels");
    }

    @Test
    void theFilesSayTheShapeWhereAllAreThere() throws IOException {
        TaskSpec task = TaskFixture.idx("train-images", "train-labels", "test-images", "test-labels");
        assertThat(Datasets.shape(task, 1, dir)).contains(new TaskShape(6, 3, 0, 36));
        Files.delete(dir.resolve("test-labels"));
        assertThat(Datasets.shape(task, 1, dir)).isEmpty();
    }

    @Test
    void validationIsCutFromTheTrainingFiles() {
        Dataset data = load();
        long[] all = IntStream.concat(sums(data.train()), sums(data.validation()))
                .sorted()
                .asLongStream()
                .toArray();
        int[] expected = new int[30];
        for (int i = 0; i < pixels.length; i++) {
            expected[i / 6] += pixels[i] * (i % 6 + 1);
        }
        assertThat(all)
                .isEqualTo(Arrays.stream(expected).sorted().asLongStream().toArray());
    }

    /** A weighted sum of each image's bytes, to recognise it by. */
    private static IntStream sums(Split split) {
        return IntStream.range(0, split.size()).map(row -> {
            int sum = 0;
            for (int p = 0; p < 6; p++) {
                sum += Math.round(split.x()[row * 6 + p] * 255) * (p + 1);
            }
            return sum;
        });
    }

    @Test
    void aDamagedHeaderIsRefused() throws IOException {
        write("train-images", new byte[] {1, 0, 8, 3, 0, 0});
        assertRefused("train-images", "does not begin like an IDX file");
        write("train-images", new byte[] {0, 0});
        assertRefused("does not begin like an IDX file");
        write("train-images", new byte[0]);
        assertRefused("does not begin like an IDX file");
        write("train-images", new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0});
        assertRefused("ends within its header");
        write("train-images", TaskFixture.idxBytes(0x0D, new int[] {1, 1, 1}, 0, 0, 0, 0));
        assertRefused("type 0x0D");
        write("train-images", labels(30, 3));
        assertRefused("has 1 dimensions", "swapped");
    }

    @ParameterizedTest(name = "first dimension {0}")
    @ValueSource(ints = {0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE})
    void impossibleDimensionsAreRefusedBeforeMemoryIsTaken(int dimension) throws IOException {
        write("train-images", TaskFixture.idxBytes(UBYTE, new int[] {dimension, 28, 28}));
        assertRefused("impossible dimensions", Integer.toUnsignedString(dimension));
    }

    @Test
    void aPromiseOfMoreThanTheFileHoldsTakesNoMemory() throws IOException {
        write("train-images", TaskFixture.gzip(TaskFixture.idxBytes(UBYTE, new int[] {2_000_000_000, 1, 1}, 1, 2, 3)));
        assertRefused("holds 3 bytes of data", "need 2000000000");
    }

    @Test
    void tooShortAndTooLongFilesAreRefused() throws IOException {
        byte[] sound = TaskFixture.idxBytes(UBYTE, new int[] {30, 2, 3}, pixels);
        write("train-images", Arrays.copyOf(sound, sound.length - 1));
        assertRefused("holds 179 bytes", "need 180");
        write("train-images", Arrays.copyOf(sound, sound.length + 1));
        assertRefused("more than the 180 bytes");
        byte[] gzip = TaskFixture.gzip(sound);
        write("train-images", Arrays.copyOf(gzip, gzip.length - 20));
        assertRefused("cannot be read");
        gzip[gzip.length / 2] ^= 0x55;
        write("train-images", gzip);
        assertRefused("train-images");
    }

    @Test
    void filesThatDoNotBelongTogetherAreRefused() throws IOException {
        write("train-labels", labels(29, 3));
        assertRefused("30 images but 29 labels");
        write("train-labels", labels(30, 3));
        write("test-images", TaskFixture.idxBytes(UBYTE, new int[] {6, 3, 2}, TaskFixture.random(36, 256, 2)));
        assertRefused("different sizes, 2x3 and 3x2");
    }

    @Test
    void aClassThatOccursOnlyInTheTestFilesIsNamed() throws IOException {
        write("train-labels", labels(30, 2));
        assertRefused("class (200)", "test split", "no training example", "Maybe remove");
    }

    @Test
    void aMissingFileIsNamed() throws IOException {
        Files.delete(dir.resolve("test-labels"));
        assertRefused("task.test-labels (test-labels) is not in " + dir);
    }

    @Test
    void labelsAreUnsigned() {
        IdxFile labels = IdxFile.read(dir.resolve("train-labels"), Content.LABELS);
        assertThat(labels.label(2)).isEqualTo(200);
    }
}
