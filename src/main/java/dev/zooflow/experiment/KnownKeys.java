package dev.zooflow.experiment;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that may be written: those of the defaults. For an experiment these are the keys of {@code zooflow.experiment} in
 * {@code reference.conf}; elements of a list have those of the block that they inherit from.
 */
public final class KnownKeys {

    /** A block whose values are nobody's business, under a mistyped key neither. */
    private static final String SECRETIVE = "zooflow.notify";

    /** Holds keys of {@code flow}, which are checked in the flows that are made of them. */
    private static final String PARAMETERS = "sweep.parameters";

    /** Above blocks that have the keys of the experiment's blocks of their name. */
    private static final String OF_FLOW = "flow\\.|flows\\.\\d+\\.";

    private static final String SAMPLING = "sampling";
    private static final String TRANSFER = "transfer";

    /** Of a flow's own transfer. */
    private static final Set<String> GRADIENTS = Set.of("guidance", "refine");

    private final ConfigObject defaults;
    private final List<String> paths = new ArrayList<>();

    /** The keys of these defaults. */
    public KnownKeys(ConfigObject defaults) {
        this.defaults = defaults;
        collect(defaults, "");
    }

    private void collect(ConfigObject object, String prefix) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            paths.add(prefix + entry.getKey());
            if (entry.getValue() instanceof ConfigObject child) {
                collect(child, prefix + entry.getKey() + ".");
            }
        }
        // A transfer repeats keys that are rather meant where they stand first.
        paths.sort(
                Comparator.comparing((String p) -> p.startsWith("transfer.")).thenComparing(Comparator.naturalOrder()));
    }

    /** Refuses every key that is not known, naming its place and the nearest known one. */
    public void check(ConfigObject written) {
        check(written, defaults, "");
    }

    private void check(ConfigObject written, ConfigObject known, String prefix) {
        for (Map.Entry<String, ConfigValue> entry : written.entrySet()) {
            String key = entry.getKey();
            ConfigValue value = entry.getValue();
            ConfigValue schema = known.get(key);
            if (schema == null) {
                throw unknown(key, value, known, prefix);
            }
            if ((prefix + key).equals(PARAMETERS)) {
                continue;
            }
            if (prefix.matches(OF_FLOW) && (key.equals(SAMPLING) || key.equals(TRANSFER))) {
                check(block(value, prefix + key), ofFlow(key), prefix + key + ".");
            } else if (schema instanceof ConfigObject block) {
                check(block(value, prefix + key), block, prefix + key + ".");
            } else if (prefix.isEmpty() && Elements.INHERITED.containsKey(key) && value instanceof ConfigList list) {
                checkElements(key, list);
            }
        }
    }

    private ConfigObject ofFlow(String key) {
        ConfigObject block = (ConfigObject) defaults.get(key);
        if (key.equals(SAMPLING)) {
            return block;
        }
        for (String other : List.copyOf(block.keySet())) {
            block = GRADIENTS.contains(other) ? block : block.withoutKey(other);
        }
        return block;
    }

    private void checkElements(String key, ConfigList list) {
        ConfigObject inherited = (ConfigObject) defaults.get(Elements.INHERITED.get(key));
        for (int i = 0; i < list.size(); i++) {
            String path = key + "." + i;
            check(block(list.get(i), path), inherited, path + ".");
        }
    }

    /** The value as a block, or an error that says where it stands. */
    static ConfigObject block(ConfigValue value, String path) {
        if (value instanceof ConfigObject object) {
            return object;
        }
        boolean isElement = path.matches("[a-z]+\\.\\d+");
        String remedy = isElement
                ? "{ name = %s }".formatted(Shown.shown(value))
                : path.substring(path.lastIndexOf('.') + 1) + " { … }";
        throw UserError.usage("%s%s (%s) is a %s, not a block of keys. Maybe %s?"
                .formatted(Where.of(value.origin()), path, shown(value, path), Shown.typeName(value), remedy));
    }

    private static String shown(ConfigValue value, String path) {
        return path.startsWith(SECRETIVE) ? "…" : Shown.shown(value);
    }

    private UserError unknown(String key, ConfigValue value, ConfigObject known, String prefix) {
        String shown = value.valueType() == ConfigValueType.OBJECT ? "{…}" : shown(value, prefix + key);
        return UserError.usage("%s%s (%s) is not a known key. %s"
                .formatted(Where.of(value.origin()), prefix + key, shown, remedy(key, known, prefix)));
    }

    /**
     * The nearest key of the same block, or of any block when the name is exactly one of there, first of a
     * block of the same name, or the block's keys.
     */
    private String remedy(String key, ConfigObject known, String prefix) {
        Optional<String> sibling = Nearest.to(key, sorted(known)).map(k -> prefix + k);
        Optional<String> elsewhere = paths.stream()
                .filter(p -> Nearest.distance(key, p.substring(p.lastIndexOf('.') + 1)) == 0)
                .min(Comparator.comparing(p -> !(prefix + key).endsWith("." + p)));
        return sibling.or(() -> elsewhere)
                .map("Maybe %s?"::formatted)
                .orElseGet(() -> "Maybe one of %s?".formatted(String.join(", ", sorted(known))));
    }

    private static List<String> sorted(ConfigObject object) {
        return object.keySet().stream().sorted().toList();
    }
}
