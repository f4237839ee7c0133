package dev.zooflow.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutogradTest {

    // With Java numbers in place of scalars the gradient is that of whatever the freed buffers hold.
    @Test
    void productsWithScalarsOutliveACollectionOfGarbage() {
        try (NDManager manager = Torch.manager()) {
            NDArray leaf = manager.ones(new Shape(4));
            leaf.setRequiresGradient(true);
            NDArray gradient = Autograd.record(() -> {
                NDArray sum = leaf.zerosLike();
                for (int i = 0; i < 50; i++) {
                    sum = sum.add(leaf.mul(Torch.scalar(manager, 3)).div(Torch.scalar(manager, 0.5)));
                }
                assertThat(recycled()).isNotEmpty();
                Autograd.backward(sum.sum());
                return leaf.getGradient();
            });
            assertThat(gradient.toFloatArray()).containsOnly(300f);
        }
    }

    // Small buffers where those freed by the collection have been.
    private static List<ByteBuffer> recycled() {
        System.gc();
        List<ByteBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            buffers.add(ByteBuffer.allocateDirect(4).putInt(0, i));
        }
        return buffers;
    }

    @Test
    void nothingIsRecordedInAPause() {
        try (NDManager manager = Torch.manager()) {
            NDArray leaf = manager.ones(new Shape(2));
            leaf.setRequiresGradient(true);
            NDArray gradient = Autograd.record(() -> {
                NDArray constant = Autograd.pause(() -> leaf.mul(leaf));
                Autograd.backward(leaf.mul(constant).sum());
                return leaf.getGradient();
            });
            assertThat(gradient.toFloatArray()).containsOnly(1f);
        }
    }
}
