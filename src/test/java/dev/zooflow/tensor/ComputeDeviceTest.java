package dev.zooflow.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ComputeDeviceTest {

    private static final ComputeDevice SECOND_GPU = new ComputeDevice("cuda:1");

    @Test
    void aComputationHasItsDeviceAndLeavesTheThreadAsItWas() {
        assertThat(ComputeDevice.current()).isEqualTo(ComputeDevice.CPU);
        assertThat(SECOND_GPU.<ComputeDevice>call(ComputeDevice::current)).isEqualTo(SECOND_GPU);
        assertThatThrownBy(() -> SECOND_GPU.call(() -> {
                    throw new IllegalStateException("failed on " + ComputeDevice.current());
                }))
                .hasMessage("failed on cuda:1");
        assertThat(ComputeDevice.current()).isEqualTo(ComputeDevice.CPU);
    }

    @Test
    void aGpuIsParallelInItself() {
        assertThat(SECOND_GPU.<Integer>call(Torch::threads)).isEqualTo(1);
    }

    @Test
    void arraysLieOnTheProcessorsUnlessToldOtherwise() {
        try (NDManager manager = Torch.manager()) {
            assertThat(manager.zeros(new Shape(1)).getDevice()).isEqualTo(ComputeDevice.CPU.device());
        }
        assertThat(SECOND_GPU.device().getDeviceId()).isEqualTo(1);
        assertThat(SECOND_GPU.device().isGpu()).isTrue();
    }

    @Test
    void whatNoMachineHasIsNotPresent() {
        assertThat(ComputeDevice.CPU.isPresent()).isTrue();
        assertThat(new ComputeDevice("cuda:999").isPresent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:1000", "CPU"})
    void anythingElseIsNoDevice(String name) {
        assertThatThrownBy(() -> new ComputeDevice(name)).hasMessageContaining("device (" + name + ") is unknown");
    }
}
