package dev.zooflow.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.zooflow.experiment.UserError;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.message.SafeTensors;
import dev.zooflow.message.SafeTensors.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference files are from NumPy, h5py and safetensors themselves: {@code src/test/resources/exchange/reference.py}. */
class NetworkFilesTest {

    private static final Architecture SMALL = Architecture.relu(3, 2, 2);

    @TempDir
    private Path dir;

    private Path reference(String name) throws IOException {
        Path file = dir.resolve(name);
        try (InputStream in = NetworkFilesTest.class.getResourceAsStream("/exchange/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    private static float[] sixteenths(int n) {
        float[] out = new float[n];
        for (int k = 0; k < n; k++) {
            out[k] = k / 16f;
        }
        return out;
    }

    private static WeightBatch networks(int n) {
        return new WeightBatch(SMALL, sixteenths(n * 14));
    }

    @ParameterizedTest
    @ValueSource(strings = {"matrix.npy", "matrix.npz", "state.npz", "state.safetensors", "matrix.h5", "state.hdf5"})
    void readsWhatPythonWrote(String name) throws IOException {
        assertThat(NetworkFiles.read(reference(name), SMALL).theta()).containsExactly(sixteenths(28));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zoo/n.safetensors", "zoo/n.npy", "zoo/n.npz", "zoo/n.h5"})
    void readsWhatItWrote(String name) {
        for (int n = 1; n < 4; n++) {
            Path file = dir.resolve(n + name);
            NetworkFiles.write(networks(n), Map.of("run", "r"), file);
            assertThat(NetworkFiles.read(file, SMALL).theta()).containsExactly(sixteenths(14 * n));
        }
    }

    @Test
    void writesArraysAsNumPyDoes() throws IOException {
        Path file = dir.resolve("ours.npy");
        NetworkFiles.write(networks(2), Map.of(), file);
        byte[] bytes = Files.readAllBytes(file);
        // What numpy.save makes of a float32 array of this shape: 128 bytes before its elements.
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 14), }";
        assertThat(new String(bytes, 0, 128, StandardCharsets.ISO_8859_1))
                .isEqualTo("\u0093NUMPY\u0001\u0000v\u0000" + header + " ".repeat(117 - header.length()) + "\n");
        assertThat(bytes).hasSize(128 + 28 * Float.BYTES);

        Path archive = dir.resolve("ours.npz");
        NetworkFiles.write(networks(2), Map.of(), archive);
        assertThat(Npz.read(archive).keySet())
                .isEqualTo(Npz.read(reference("state.npz")).keySet());
    }

    @Test
    void layersAreInTheOrderOfTheirNumbers() throws IOException {
        // fc10 after fc9, though it comes first in the alphabet.
        assertThat(NetworkFiles.read(reference("one.safetensors"), SMALL).theta())
                .containsExactly(sixteenths(14));
    }

    @Test
    void readsADirectoryInTheOrderOfPathsAndPassesOverOtherFiles() throws IOException {
        NetworkFiles.write(networks(2).slice(1, 2), Map.of(), dir.resolve("b/model.safetensors"));
        NetworkFiles.write(networks(2).slice(0, 1), Map.of("run", "r"), dir.resolve("a/model.safetensors"));
        Files.writeString(dir.resolve("a/README.md"), "a card");
        assertThat(NetworkFiles.read(dir, SMALL).theta()).containsExactly(sixteenths(28));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void whatIsWrittenIsReadAgain(int n) throws IOException {
        Path file = dir.resolve("networks.safetensors");
        NetworkFiles.write(networks(n), Map.of("flow", "mine"), file);
        assertThat(NetworkFiles.read(file, SMALL).theta()).isEqualTo(networks(n).theta());
        SafeTensors written = SafeTensors.read(file);
        assertThat(written.metadata()).containsEntry("format", "pt").containsEntry("flow", "mine");
        assertThat(written.tensor("0.weight").shape()).isEqualTo(n == 1 ? new long[] {2, 3} : new long[] {3, 2, 3});
    }

    @Test
    void otherArchitecturesAreRefusedWithBothShapes() throws IOException {
        Path file = reference("state.safetensors");
        refused(
                file,
                Architecture.relu(3, 5, 2),
                "state.safetensors",
                "tensor (0.weight) is [2, 3]",
                "[5, 3]",
                "network.hidden");
        refused(file, Architecture.relu(4, 2, 2), "[2, 4]", "another task");
        refused(file, Architecture.relu(3, 2, 2, 2), "layers (0, 2) are 2 where 3-2-2-2 has 3");
        refused(reference("matrix.npy"), Architecture.relu(3, 2, 3), "[14]", "[17]");
    }

    private static void refused(Path file, Architecture architecture, String... parts) {
        assertThatThrownBy(() -> NetworkFiles.read(file, architecture))
                .isInstanceOfSatisfying(
                        UserError.class, e -> assertThat(e.exitCode()).isEqualTo(UserError.USAGE))
                .message()
                .contains(parts);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            fortran.npy  | Fortran order
            integers.npy | '<i8'
            """)
    void arraysOfAnotherKindAreRefused(String name, String part) throws IOException {
        refused(reference(name), SMALL, part, "Maybe");
    }

    @Test
    void picklesAreRefusedWithTheRemedy() throws IOException {
        Files.writeString(dir.resolve("net.pt"), "PK");
        refused(
                dir,
                SMALL,
                "net.pt",
                "pickle",
                "save_file(torch.load(\"net.pt\", weights_only=True), \"net.safetensors\")");
    }

    @Test
    void nothingThereIsAnError() {
        refused(dir, SMALL, "holds no networks");
        assertThatThrownBy(() -> NetworkFiles.find(dir.resolve("nowhere"))).hasMessageContaining("does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"matrix.npy", "matrix.npz", "state.npz", "state.safetensors", "matrix.h5", "state.hdf5"})
    void everyTruncatedFileIsAUserError(String name) throws IOException {
        Path file = reference(name);
        byte[] whole = Files.readAllBytes(file);
        // The last bytes of a zip archive and of an HDF5 file hold no array.
        for (int length = 0; length < whole.length / 2; length += 1 + whole.length / 97) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> NetworkFiles.read(file, SMALL))
                    .as("%d bytes of %s", length, name)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining(name);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), } | too large
            {'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), } | 2 GiB
            {'descr': '<f4', 'fortran_order': False, 'shape': (500000000,), } | fewer
            {'descr': '<f4', 'fortran_order': False, 'shape': (1,), } | more
            {'descr': '<f4', 'fortran_order': False, 'shape': (-1,), } | header
            {'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), } | dtype
            {'shape': (2,)} | header
            """)
    void headersThatLieAreRefused(String header, String part) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        byte[] magic = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) text.length, 0};
        byte[] file = Arrays.copyOf(magic, magic.length + text.length + 8);
        System.arraycopy(text, 0, file, magic.length, text.length);
        refused(Files.write(dir.resolve("lie.npy"), file), SMALL, "lie.npy", part);
    }

    @ParameterizedTest
    @CsvSource({
        "0.bias,      running_mean,   neither weight nor bias",
        "0.bias,      0.bia,          neither weight nor bias",
        "0.bias,      1.bias,         layers (0; 1; 2)",
        "0.bias,      head.bias,      tell no order",
    })
    void tensorsThatAreNoLinearLayersAreRefused(String from, String to, String part) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(StateDict.encode(networks(2)));
        tensors.put(to, tensors.remove(from));
        refused(write(tensors), SMALL, part.replace(';', ','));
    }

    @Test
    void missingTensorsAndUnequalAxesAndWildValuesAreRefused() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>(StateDict.encode(networks(2)));
        Tensor bias = tensors.remove("2.bias");
        refused(write(tensors), SMALL, "tensor (2.bias) is missing");
        tensors.put("2.bias", Tensor.of(new float[6], 3, 2));
        refused(write(tensors), SMALL, "tensor (2.bias) is that of 3 networks, but 0.weight of 2");
        tensors.put("2.bias", Tensor.of(new long[4], 2, 2));
        refused(write(tensors), SMALL, "tensor (2.bias) holds I64");
        tensors.put("2.bias", Tensor.of(new float[] {1, 2, Float.NaN, 3}, 2, 2));
        refused(write(tensors), SMALL, "tensor (2.bias) holds NaN");
        tensors.put("2.bias", Tensor.of(new float[1]));
        refused(write(tensors), SMALL, "tensor (2.bias) is [], not of rank 1");
        tensors.put("2.bias", bias);
        assertThat(NetworkFiles.read(write(tensors), SMALL).size()).isEqualTo(2);
    }

    private Path write(Map<String, Tensor> tensors) throws IOException {
        Path file = dir.resolve("changed.safetensors");
        new SafeTensors(tensors, Map.of()).write(file);
        return file;
    }
}
