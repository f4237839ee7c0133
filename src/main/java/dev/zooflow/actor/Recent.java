package dev.zooflow.actor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The most recently used values of costly computations. Thread-safe; one value is computed at a time.
 *
 * @param <K> key
 * @param <V> value
 */
final class Recent<K, V> implements AutoCloseable {

    private final int size;
    private final Consumer<V> dropped;
    private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * Keeps so many.
     *
     * @param dropped gets each value that is not kept any more
     */
    Recent(int size, Consumer<V> dropped) {
        this.size = size;
        this.dropped = dropped;
    }

    /** The value of the key, computed if it is not kept. */
    synchronized V get(K key, Supplier<V> compute) {
        V value = values.get(key);
        if (value == null) {
            value = compute.get();
            values.put(key, value);
            evict();
        }
        return value;
    }

    private void evict() {
        while (values.size() > size) {
            K eldest = values.keySet().iterator().next();
            dropped.accept(values.remove(eldest));
        }
    }

    /** Drops all. */
    @Override
    public synchronized void close() {
        values.values().forEach(dropped);
        values.clear();
    }
}
