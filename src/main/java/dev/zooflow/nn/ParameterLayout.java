package dev.zooflow.nn;

import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Seed;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Names, shapes and initial distribution of a network's parameters, and where each stands in the flat array. Immutable
 * once built.
 */
public final class ParameterLayout {

    /** How a parameter begins. */
    public enum Init {
        /** N(0, 1/fan-in), fan-in being the last axis; decays with the optimiser's weight decay. */
        WEIGHT,
        /** N(0, 1): embeddings. */
        EMBEDDING,
        ZEROS,
        ONES
    }

    /**
     * One parameter.
     *
     * @param shape its shape
     * @param init its initial distribution
     * @param offset its place in the flat array
     */
    public record Entry(Shape shape, Init init, int offset) {
        /** Number of values. */
        public int size() {
            return Math.toIntExact(shape.size());
        }
    }

    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private int size;

    /** Adds a parameter at the end. */
    public ParameterLayout add(String name, Init init, long... shape) {
        Entry entry = new Entry(new Shape(shape), init, size);
        if (entries.put(name, entry) != null) {
            throw new IllegalArgumentException("parameter (%s) is there already".formatted(name));
        }
        size += entry.size();
        return this;
    }

    /** Parameters by name, in order. */
    public Map<String, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    /** P, the number of values. */
    public int size() {
        return size;
    }

    /** Initial values, [P]. */
    public float[] initialValues(Seed seed) {
        float[] values = new float[size];
        entries.forEach((name, entry) -> fill(values, entry, seed.child(name)));
        return values;
    }

    private static void fill(float[] values, Entry entry, Seed seed) {
        int end = entry.offset() + entry.size();
        switch (entry.init()) {
            case ZEROS -> {}
            case ONES -> Arrays.fill(values, entry.offset(), end, 1f);
            case EMBEDDING -> System.arraycopy(seed.gaussian(entry.size()), 0, values, entry.offset(), entry.size());
            case WEIGHT -> {
                float std =
                        (float) Math.sqrt(1.0 / entry.shape().get(entry.shape().dimension() - 1));
                float[] gaussian = seed.gaussian(entry.size());
                for (int i = 0; i < gaussian.length; i++) {
                    values[entry.offset() + i] = std * gaussian[i];
                }
            }
        }
    }

    /** 1 where weight decay applies (weights), 0 elsewhere (biases, gains, embeddings), [P]. */
    public float[] decayMask() {
        float[] mask = new float[size];
        for (Entry entry : entries.values()) {
            if (entry.init() == Init.WEIGHT) {
                Arrays.fill(mask, entry.offset(), entry.offset() + entry.size(), 1f);
            }
        }
        return mask;
    }
}
