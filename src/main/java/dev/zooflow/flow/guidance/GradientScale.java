package dev.zooflow.flow.guidance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.Arrays;

/**
 * Gives each block of a gradient the norm that the velocity has there, network by network: ĝ_b = g_b ‖v_b‖ / ‖g_b‖. A block
 * in which the gradient vanishes stays zero. Without blocks the gradient stays as it is.
 *
 * @param kept whether the factors of the first gradient hold for all later ones, whose norms then mean something: steps get
 *     shorter near a minimum
 * @param ends where each block ends, ascending; the last one is P, the number of coordinates
 */
public record GradientScale(boolean kept, long... ends) {

    // Smaller norms have no direction in single precision.
    private static final float SMALLEST = 1e-20f;

    /** Leaves gradients as they are. */
    public static GradientScale none() {
        return new GradientScale(false);
    }

    /** Factors of the coordinates, [B, P], of a gradient and a velocity of that shape. */
    NDArray factors(NDArray gradient, NDArray velocity) {
        if (ends.length == 0) {
            return gradient.onesLike();
        }
        NDList gs = split(gradient);
        NDList vs = split(velocity);
        NDList factors = new NDList(ends.length);
        for (int b = 0; b < ends.length; b++) {
            NDArray g = gs.get(b);
            factors.add(norm(vs.get(b))
                    .div(norm(g).clip(SMALLEST, Float.POSITIVE_INFINITY))
                    .broadcast(g.getShape()));
        }
        return factors.size() == 1 ? factors.head() : NDArrays.concat(factors, 1);
    }

    private NDList split(NDArray flat) {
        return ends.length == 1 ? new NDList(flat) : flat.split(Arrays.copyOf(ends, ends.length - 1), 1);
    }

    private static NDArray norm(NDArray block) {
        return block.norm(new int[] {1}, true);
    }
}
