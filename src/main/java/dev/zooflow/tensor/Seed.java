package dev.zooflow.tensor;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A node of the seed tree: a 64-bit value from which named and numbered children are derived, so that each stage, task
 * and step has a stream of its own that depends on nothing but the root and its path.
 *
 * @param value the node's 64 bits
 */
public record Seed(long value) {

    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");

    /** The child with this name. */
    public Seed child(String name) {
        long hash = value;
        for (int i = 0; i < name.length(); i++) {
            hash = mix(hash ^ name.charAt(i));
        }
        return new Seed(mix(hash ^ name.length()));
    }

    /** The child with this number. */
    public Seed child(long index) {
        return new Seed(mix(mix(value) + index));
    }

    /** A generator of its own that starts at this node. */
    public RandomGenerator generator() {
        return FACTORY.create(value);
    }

    /** {@code n} standard normal values. */
    public float[] gaussian(int n) {
        RandomGenerator random = generator();
        float[] out = new float[n];
        for (int i = 0; i < n; i++) {
            out[i] = (float) random.nextGaussian();
        }
        return out;
    }

    // Finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
    private static long mix(long z) {
        z += 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
