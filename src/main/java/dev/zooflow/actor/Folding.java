package dev.zooflow.actor;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collections with one fact more; the same object where they had it before. */
final class Folding {

    private Folding() {}

    static <V> Set<V> plus(Set<V> set, V value) {
        if (set.contains(value)) {
            return set;
        }
        Set<V> out = new TreeSet<>(set);
        out.add(value);
        return out;
    }

    /** The first value of a key stays. */
    static <K, V> Map<K, V> first(Map<K, V> map, K key, V value) {
        return map.containsKey(key) ? map : put(map, key, value);
    }

    /** The largest value of a key stays. */
    static <K> Map<K, Integer> most(Map<K, Integer> map, K key, int value) {
        Integer known = map.get(key);
        return known != null && known >= value ? map : put(map, key, value);
    }

    private static <K, V> Map<K, V> put(Map<K, V> map, K key, V value) {
        Map<K, V> out = new TreeMap<>(map);
        out.put(key, value);
        return out;
    }
}
