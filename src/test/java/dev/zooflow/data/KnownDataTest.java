package dev.zooflow.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.zooflow.experiment.TaskSpec;
import dev.zooflow.experiment.TaskSpec.Kind;
import dev.zooflow.experiment.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownDataTest {

    @TempDir
    private Path dir;

    private static TaskSpec task(Kind kind) {
        return TaskFixture.synthetic(kind, 100, 8);
    }

    private static Path real(String file) {
        Path path = TaskFixture.realData().orElse(Path.of("data")).resolve(file);
        assumeTrue(Files.exists(path), path + " is not there; set ZOOFLOW_DATA_DIR to run this test");
        return path;
    }

    private static Path realRoot(String file) {
        return real(file).getParent().getParent();
    }

    @Test
    void mnistIsWhatEverybodyKnows() {
        Dataset data = Datasets.load(task(Kind.MNIST), 1, realRoot("mnist/train-images-idx3-ubyte.gz"));
        assertThat(data.train().size()).isEqualTo(54_000);
        assertThat(data.validation().size()).isEqualTo(6_000);
        assertThat(data.test().size()).isEqualTo(10_000);
        assertThat(data.features()).isEqualTo(784);
        assertThat(data.classes()).hasSize(10);
        // First labels of the test file, and the mean pixel 0.1307 that the literature gives for the training file.
        assertThat(Arrays.copyOf(data.test().y(), 5)).containsExactly(7, 2, 1, 0, 4);
        double sum = 0;
        for (Split split : List.of(data.train(), data.validation())) {
            for (float value : split.x()) {
                sum += value;
            }
        }
        assertThat(sum / (60_000 * 784)).isBetween(0.13065, 0.13067);
        assertThat(data.hashes())
                .containsEntry(
                        "t10k-labels-idx1-ubyte.gz",
                        DataCatalog.MNIST.files().get(3).sha256());
    }

    @Test
    void wdbcHas569TumoursOf30Features() {
        Dataset data = Datasets.load(task(Kind.WDBC), 1, realRoot("uci/wdbc.data"));
        assertThat(data.train().size() + data.validation().size() + data.test().size())
                .isEqualTo(569);
        assertThat(data.classes()).containsExactly("benign", "malignant");
        assertThat(data.inputs())
                .hasSize(30)
                .startsWith("radius1", "texture1")
                .endsWith("symmetry3", "fractal_dimension3");
        long malignant = IntStream.concat(
                        IntStream.of(data.train().y()),
                        IntStream.concat(
                                IntStream.of(data.validation().y()),
                                IntStream.of(data.test().y())))
                .filter(y -> y == 1)
                .count();
        assertThat(malignant).isEqualTo(212);
        double mean = 0;
        for (int i = 0; i < data.train().size(); i++) {
            mean += data.train().x()[30 * i] / data.train().size();
        }
        assertThat(mean).isBetween(-1e-5, 1e-5);
    }

    @Test
    void aMissingFileSaysHowToGetIt() {
        assertThatThrownBy(() -> Datasets.load(task(Kind.MNIST), 1, dir))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE))
                .hasMessageContaining("train-images-idx3-ubyte.gz")
                .hasMessageContaining(dir.resolve("mnist").toString())
                .hasMessageContaining("zooflow data fetch mnist --data-dir " + dir)
                .hasMessageContaining("https://ossci-datasets.s3.amazonaws.com/mnist/train-images-idx3-ubyte.gz");
        assertThatThrownBy(() -> Datasets.load(task(Kind.WDBC), 1, dir))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("wdbc.data");
    }

    @Test
    void aWrongHashNamesBoth() throws IOException {
        Files.createDirectories(dir.resolve("uci"));
        Files.writeString(dir.resolve("uci/wdbc.data"), "abc");
        assertThatThrownBy(() -> Datasets.load(task(Kind.WDBC), 1, dir))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.INFRASTRUCTURE))
                .hasMessageContaining(
                        "expected SHA-256 " + DataCatalog.WDBC.files().get(0).sha256())
                // SHA-256 of "abc" from FIPS 180-2, appendix B.1.
                .hasMessageContaining("found ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void theDataFolderItselfIsSearchedToo() throws IOException {
        Files.copy(real("uci/wdbc.data"), dir.resolve("wdbc.data"));
        assertThat(Datasets.load(task(Kind.WDBC), 1, dir).features()).isEqualTo(30);
    }

    @Test
    void howAFileIsCompressedDoesNotMatter() throws IOException {
        Path distributed = real("mnist/t10k-labels-idx1-ubyte.gz");
        byte[] content;
        try (HashedInput in = HashedInput.open(distributed)) {
            content = in.content().readAllBytes();
        }
        Path plain = dir.resolve("t10k-labels-idx1-ubyte");
        Path again = dir.resolve("t10k-labels-idx1-ubyte.gz");
        KnownFile labels = DataCatalog.MNIST.files().get(3);

        Files.write(plain, content);
        assertThat(DataCatalog.MNIST.locateVerified(dir, labels)).isEqualTo(plain);
        Files.delete(plain);
        Files.write(again, TaskFixture.gzip(content));
        assertThat(again)
                .exists()
                .satisfies(path -> assertThat(Files.readAllBytes(path)).isNotEqualTo(Files.readAllBytes(distributed)));
        assertThat(DataCatalog.MNIST.locateVerified(dir, labels)).isEqualTo(again);
    }

    @Test
    void mnistIsNotTakenForFashionMnist() throws IOException {
        try (HashedInput in = HashedInput.open(real("mnist/t10k-labels-idx1-ubyte.gz"))) {
            Files.write(dir.resolve("t10k-labels-idx1-ubyte"), in.content().readAllBytes());
        }
        assertThatThrownBy(() -> DataCatalog.FASHION_MNIST.locateVerified(
                        dir, DataCatalog.FASHION_MNIST.files().get(3)))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("belongs to mnist, not to fashion-mnist");
    }
}
