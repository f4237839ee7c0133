package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.message.SafeTensors.Tensor;
import dev.zooflow.tensor.Torch;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {

    static SafeTensors sample() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("flags", Tensor.ofBytes(Dtype.U8, new byte[] {1, -1, 0}, 3));
        tensors.put("0.weight", Tensor.of(new float[] {1, -2.5f, 3, 4, 5, Float.MIN_VALUE}, 2, 3));
        tensors.put("scalar", Tensor.of(new double[] {Math.PI}));
        tensors.put("empty", Tensor.of(new float[0], 4, 0));
        tensors.put("steps", Tensor.of(new long[] {Long.MIN_VALUE, 7}, 2));
        tensors.put("counts", Tensor.of(new int[] {-1, Integer.MAX_VALUE}, 2, 1));
        return new SafeTensors(tensors, Map.of("format", "pt", "Überschrift", "\"a\"\n"));
    }

    @Test
    void decodingUndoesEncoding() {
        SafeTensors back = SafeTensors.decode(sample().encode());

        assertThat(back).isEqualTo(sample());
        assertThat(back.tensors().keySet()).containsExactly("flags", "0.weight", "scalar", "empty", "steps", "counts");
        assertThat(back.tensor("0.weight").floats()).containsExactly(1, -2.5f, 3, 4, 5, Float.MIN_VALUE);
        assertThat(back.tensor("0.weight").shape()).containsExactly(2, 3);
        assertThat(back.tensor("scalar").shape()).isEmpty();
        assertThat(back.tensor("scalar").doubles()).containsExactly(Math.PI);
        assertThat(back.tensor("empty").size()).isZero();
        assertThat(back.tensor("steps").longs()).containsExactly(Long.MIN_VALUE, 7);
        assertThat(back.tensor("counts").longs()).containsExactly(-1, Integer.MAX_VALUE);
        assertThat(back.tensor("flags").longs()).containsExactly(1, 255, 0);
    }

    @Test
    void nothingAtAllIsAFileToo() {
        SafeTensors empty = new SafeTensors(Map.of(), Map.of());

        assertThat(empty.encode()).isEqualTo("\10\0\0\0\0\0\0\0{}      ".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(SafeTensors.decode(empty.encode())).isEqualTo(empty);
    }

    @Test
    void dataIsAlignedToEightBytesAndEveryTensorToItsElements() {
        byte[] file = sample().encode();
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(buffer.getLong(0) % 8).isZero();
        // Doubles and longs come first, then floats and ints, the three bytes last.
        assertThat(buffer.getDouble(8 + (int) buffer.getLong(0))).isEqualTo(Math.PI);
        assertThat(file[file.length - 2]).isEqualTo((byte) -1);
    }

    @Test
    void halvesAreWidened() {
        // Bit patterns: 1.5, -2^-24 (subnormal), 65504 (largest), -inf, NaN; IEEE 754-2008, table 3.5.
        short[] halves = {0x3E00, (short) 0x8001, 0x7BFF, (short) 0xFC00, 0x7E01};
        ByteBuffer bytes = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asShortBuffer().put(halves);

        assertThat(Tensor.ofBytes(Dtype.F16, bytes.array(), 5).floats())
                .containsExactly(1.5f, (float) -Math.scalb(1.0, -24), 65504f, Float.NEGATIVE_INFINITY, Float.NaN);
        assertThat(Tensor.ofBytes(Dtype.BF16, new byte[] {(byte) 0xC0, 0x3F}, 1).floats())
                .containsExactly(1.5f);
    }

    @Test
    void readsWhatTheReferenceImplementationWrote() throws Exception {
        // Written by the Python package: see reference.py beside it for version and command.
        byte[] file = SafeTensorsTest.class
                .getResourceAsStream("/safetensors/reference.safetensors")
                .readAllBytes();
        SafeTensors read = SafeTensors.decode(file);

        assertThat(read.metadata()).isEqualTo(Map.of("format", "pt"));
        assertThat(read.tensor("0.weight").shape()).containsExactly(2, 3);
        assertThat(read.tensor("0.weight").floats()).containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
        assertThat(read.tensor("half").floats()).containsExactly(0.5f, -3);
        assertThat(read.tensor("steps").longs()).containsExactly(1, 2, 1L << 40);
        assertThat(read.tensor("scalar").doubles()).containsExactly(0.1);
        assertThat(read.tensor("empty").shape()).containsExactly(0, 5);
    }

    @Test
    void agreesWithDjlInBothDirections() {
        try (NDManager manager = Torch.manager()) {
            float[] values = {1, 2, 3, 4, 5, 6};
            NDArray weight = manager.create(values, new Shape(3, 2));
            weight.setName("w");
            NDArray steps = manager.create(new long[] {3, 1, 2});
            steps.setName("steps");
            SafeTensors ours = new SafeTensors(
                    Map.of("w", Tensor.of(values, 3, 2), "steps", Tensor.of(new long[] {3, 1, 2}, 3)), Map.of());

            byte[] djl = new NDList(weight, steps).encode(NDList.Encoding.SAFETENSORS);
            assertThat(SafeTensors.decode(djl)).isEqualTo(ours);

            NDList back = NDList.decode(manager, ours.encode());
            assertThat(back.get("w")).isEqualTo(weight);
            assertThat(back.get("steps")).isEqualTo(steps);
        }
    }

    @Test
    void filesAreWrittenWholeAndReadBack(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("deep/er/model.safetensors");
        sample().write(file);

        assertThat(SafeTensors.read(file)).isEqualTo(sample());
        assertThat(file.getParent().toFile().list()).containsExactly("model.safetensors");
    }

    @Test
    void aMalformedFileIsNamed(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("bad.safetensors"), new byte[3]);

        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(SafeTensorsException.class)
                .hasMessageContainingAll("bad.safetensors", "too short");
    }

    @Test
    void shapeMustHoldTheValues() {
        assertThatThrownBy(() -> Tensor.of(new float[5], 2, 3)).hasMessageContaining("does not hold 5 values");
        assertThatThrownBy(() -> Tensor.of(new float[6], -2, -3)).hasMessageContaining("does not hold 6 values");
        assertThatThrownBy(() -> Tensor.ofBytes(Dtype.F32, new byte[5], 1)).hasMessageContaining("no whole number");
    }

    @Test
    void tensorsDoNotChange() {
        float[] values = {1, 2};
        long[] shape = {2};
        Tensor tensor = Tensor.of(values, shape);
        values[0] = 9;
        shape[0] = 9;
        tensor.floats()[1] = 9;
        tensor.shape()[0] = 9;

        assertThat(tensor.floats()).containsExactly(1, 2);
        assertThat(tensor.shape()).containsExactly(2);
        assertThat(tensor.bytes().isReadOnly()).isTrue();
    }

    @Test
    void reservedAndMissingNamesAreRefused() {
        assertThatThrownBy(() -> new SafeTensors(Map.of("__metadata__", Tensor.of(new float[1], 1)), Map.of()))
                .hasMessageContaining("__metadata__");
        assertThatThrownBy(() -> sample().tensor("1.weight"))
                .isInstanceOf(SafeTensorsException.class)
                .hasMessageContainingAll("1.weight", "0.weight");
        assertThatThrownBy(() -> sample().tensor("0.weight").longs()).hasMessageContaining("no integers");
    }
}
