package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.zooflow.message.SafeTensors.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WeightsPayloadTest {

    private static SafeTensors good() {
        return SafeTensors.decode(WeightsPayload.write(MessageSamples.trajectory(7, 2)));
    }

    @Test
    void aReaderOfSafetensorsFindsTensorsAndScalars() {
        SafeTensors file = good();

        assertThat(file.tensor("weights").shape()).containsExactly(2, 17);
        assertThat(file.tensor("steps").longs()).containsExactly(100, 200);
        assertThat(file.tensor("validation_accuracy").dtype()).isEqualTo(Dtype.F32);
        assertThat(file.metadata())
                .containsAllEntriesOf(Map.of(
                        "run", MessageSamples.RUN.value(),
                        "widths", "2-3-2",
                        "activation", "relu",
                        "trajectory", "7",
                        "held_out", "true"));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("run", "../up", "run name (../up)"),
                arguments("widths", "2-3-3", "F32[n, 21]"),
                arguments("widths", "2-x", "\"x\""),
                arguments("widths", "2--2", "\"\""),
                arguments("widths", "7", "need an input and an output"),
                arguments("widths", "2-999999999-2", "outside"),
                arguments("widths", "65536-65536-2", "100 million"),
                arguments("activation", "step", "STEP"),
                arguments("trajectory", "seven", "seven"),
                arguments("held_out", "yes", "held_out (yes)"));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("malformed")
    void wrongScalarsAreMalformed(String name, String value, String reason) {
        Map<String, String> metadata = new HashMap<>(good().metadata());
        metadata.put(name, value);

        assertMalformed(new SafeTensors(good().tensors(), metadata), reason);
    }

    @Test
    void missingScalarsAreMalformed() {
        for (String name : good().metadata().keySet()) {
            Map<String, String> metadata = new HashMap<>(good().metadata());
            metadata.remove(name);
            assertMalformed(new SafeTensors(good().tensors(), metadata), "metadata (" + name + ") is missing");
        }
    }

    @Test
    void wrongTensorsAreMalformed() {
        assertMalformed(with("weights", Tensor.of(new double[34], 2, 17)), "not F32[n, 17]");
        assertMalformed(with("weights", Tensor.of(new float[34], 34)), "not F32[n, 17]");
        assertMalformed(with("weights", Tensor.of(new float[17], 1, 17)), "2 steps and 2 accuracies for 1 snapshots");
        assertMalformed(with("steps", Tensor.of(new long[3], 3)), "3 steps");
        assertMalformed(with("steps", Tensor.of(new long[] {1, 1L << 31}, 2)), "overflow");
        assertMalformed(with("steps", Tensor.of(new float[2], 2)), "no integers");
        assertMalformed(with("validation_accuracy", Tensor.of(new float[0], 0)), "0 accuracies");
        assertMalformed(new SafeTensors(Map.of(), good().metadata()), "tensor (weights) is missing");
    }

    @Test
    void aHeaderThatNoNetworkNeedsIsNotRead() {
        Map<String, String> metadata = new HashMap<>(good().metadata());
        metadata.put("ballast", "x".repeat(1 << 16));

        assertMalformed(new SafeTensors(good().tensors(), metadata), "is more than 65,536 bytes");
    }

    private static SafeTensors with(String name, Tensor tensor) {
        Map<String, Tensor> tensors = new HashMap<>(good().tensors());
        tensors.put(name, tensor);
        return new SafeTensors(tensors, good().metadata());
    }

    private static void assertMalformed(SafeTensors file, String reason) {
        assertThatThrownBy(() -> WeightsPayload.read(file.encode(), Event.ZooTrajectory.class))
                .isExactlyInstanceOf(MalformedMessageException.class)
                .hasMessageContainingAll("ZooTrajectory", reason);
    }
}
