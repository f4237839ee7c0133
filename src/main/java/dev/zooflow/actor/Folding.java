package dev.zooflow.actor;

import org.pcollections.PMap;

/** Persistent maps with one fact more; the same object where they had it before. */
final class Folding {

    private Folding() {}

    /** The first value of a key stays. */
    static <K, V> PMap<K, V> first(PMap<K, V> map, K key, V value) {
        return map.containsKey(key) ? map : map.plus(key, value);
    }

    /** The largest value of a key stays. */
    static <K> PMap<K, Integer> most(PMap<K, Integer> map, K key, int value) {
        Integer known = map.get(key);
        return known != null && known >= value ? map : map.plus(key, value);
    }
}
