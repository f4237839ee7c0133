package dev.zooflow.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutogradTest {

    @Test
    void theGradientOfAScaledArrayOutlivesEveryJavaBuffer() {
        try (NDManager manager = Torch.manager()) {
            NDArray x = Torch.array(manager, new float[] {1, 2, 3});
            x.setRequiresGradient(true);
            for (int k = 1; k <= 20; k++) {
                double factor = k;
                NDArray sum = Autograd.record(() -> Autograd.scale(x, factor).sum());
                overwriteFreedBuffers(manager);
                Autograd.backward(sum);
                assertThat(x.getGradient().toFloatArray()).containsOnly((float) factor);
                Autograd.clear(x);
            }
        }
    }

    private static void overwriteFreedBuffers(NDManager manager) {
        System.gc();
        List<NDArray> others = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            others.add(manager.create(-7f));
        }
        others.forEach(NDArray::close);
    }
}
