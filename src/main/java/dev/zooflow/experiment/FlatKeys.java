package dev.zooflow.experiment;

import java.util.LinkedHashMap;
import java.util.Map;

/** The keys of a block of an experiment and their values, flat: {@code backbone.width} → 32. */
public final class FlatKeys {

    private FlatKeys() {}

    /** Every key of a specification and its value as a number, a text, a truth value or a list, in the order of the file. */
    public static Map<String, Object> of(Record spec) {
        Map<String, Object> keys = new LinkedHashMap<>();
        collect(SpecWriter.tree(spec), "", keys);
        return keys;
    }

    private static void collect(Map<String, Object> tree, String prefix, Map<String, Object> keys) {
        tree.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                Map<String, Object> block = new LinkedHashMap<>();
                nested.forEach((k, v) -> block.put(String.valueOf(k), v));
                collect(block, prefix + key + ".", keys);
            } else {
                keys.put(prefix + key, value);
            }
        });
    }
}
