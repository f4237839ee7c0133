package dev.zooflow.flow.guidance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.Arrays;

/**
 * Gives each block of a gradient the norm that the velocity has there, network by network: ĝ_b = g_b ‖v_b‖ / ‖g_b‖. A block
 * in which the gradient vanishes stays zero. Without blocks the gradient stays as it is.
 *
 * @param ends where each block ends, ascending; the last one is P, the number of coordinates
 */
public record GradientScale(long... ends) {

    // Smaller norms have no direction in single precision.
    private static final float SMALLEST = 1e-20f;

    /** Leaves gradients as they are. */
    public static GradientScale none() {
        return new GradientScale();
    }

    /** The scaled gradient, [B, P], of one and a velocity of that shape. */
    NDArray apply(NDArray gradient, NDArray velocity) {
        if (ends.length == 0) {
            return gradient;
        }
        NDList gs = split(gradient);
        NDList vs = split(velocity);
        NDList scaled = new NDList(ends.length);
        for (int b = 0; b < ends.length; b++) {
            scaled.add(gs.get(b).mul(norm(vs.get(b)).div(norm(gs.get(b)).clip(SMALLEST, Float.POSITIVE_INFINITY))));
        }
        return scaled.size() == 1 ? scaled.head() : NDArrays.concat(scaled, 1);
    }

    private NDList split(NDArray flat) {
        return ends.length == 1 ? new NDList(flat) : flat.split(Arrays.copyOf(ends, ends.length - 1), 1);
    }

    private static NDArray norm(NDArray block) {
        return block.norm(new int[] {1}, true);
    }
}
