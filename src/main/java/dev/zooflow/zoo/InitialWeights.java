package dev.zooflow.zoo;

import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;

/** Networks before their training: weights and biases from N(0, σ²). */
public final class InitialWeights {

    private InitialWeights() {}

    /**
     * Networks {@code from} (inclusive) to {@code to} (exclusive) of an endless sequence, each from its index alone.
     *
     * @param std σ
     * @param seed of the sequence
     */
    public static WeightBatch draw(Architecture architecture, double std, Seed seed, int from, int to) {
        int size = architecture.parameters();
        float scale = (float) std;
        float[] theta = new float[(to - from) * size];
        for (int i = from; i < to; i++) {
            float[] own = seed.child(i).child("initial-weights").gaussian(size);
            for (int k = 0; k < size; k++) {
                theta[(i - from) * size + k] = scale * own[k];
            }
        }
        return new WeightBatch(architecture, theta);
    }
}
