package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import dev.zooflow.tensor.Torch;

/** Sines and cosines of the time at 16 frequencies, geometrically spaced between 1 and 100 (Vaswani et al. 2017). */
final class TimeEmbedding {

    static final int SIZE = 32;
    private static final double HIGHEST = 100;

    private TimeEmbedding() {}

    /**
     * Features of the time.
     *
     * @param t [B, 1] in [0, 1]
     * @return [B, 32]
     */
    static NDArray features(NDArray t) {
        float[] frequencies = new float[SIZE / 2];
        for (int k = 0; k < frequencies.length; k++) {
            frequencies[k] = (float) Math.pow(HIGHEST, (double) k / (frequencies.length - 1));
        }
        NDArray phase = t.mul(Torch.array(t.getManager(), frequencies).reshape(1, frequencies.length));
        return NDArrays.concat(new NDList(phase.sin(), phase.cos()), 1);
    }
}
