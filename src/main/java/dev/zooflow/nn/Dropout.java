package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.random.RandomGenerator;

/**
 * Random silence of hidden units in training (Srivastava et al., JMLR 2014): a unit is 0 with probability {@code rate},
 * and h/(1 − rate) otherwise, so that its mean stays. What is silent depends on the seed, the row of the mini-batch and
 * the layer's name, and not on how the mini-batch is cut.
 *
 * @param rate in [0, 1)
 * @param seed of the training step
 * @param firstRow place of the first network in the mini-batch
 */
public record Dropout(double rate, Seed seed, int firstRow) {

    /** Nothing is silent: for sampling. */
    public static final Dropout NONE = new Dropout(0, new Seed(0), 0);

    /** The units of a layer with some of them silent: [B, d] → [B, d]. */
    NDArray apply(String layer, NDArray h) {
        if (rate == 0) {
            return h;
        }
        int rows = Math.toIntExact(h.getShape().get(0));
        int width = Math.toIntExact(h.getShape().get(1));
        float[] mask = new float[rows * width];
        for (int r = 0; r < rows; r++) {
            RandomGenerator random = seed.child(layer).child(firstRow + r).generator();
            for (int i = 0; i < width; i++) {
                mask[r * width + i] = random.nextDouble() < rate ? 0 : (float) (1 / (1 - rate));
            }
        }
        return h.mul(Torch.array(h.getManager(), mask, h.getShape()));
    }
}
