package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every key that may be written, with its default and its explanation, which is the comment above it in {@code reference.conf}:
 * keys of an experiment as they stand in its file, settings of a process below {@code zooflow}. Elements of a list have the keys
 * of the block that they inherit from.
 */
public final class Reference {

    private static final String ROOT = "zooflow";

    /** Its keys stand at the top level of a file. */
    private static final String EXPERIMENT = ROOT + ".experiment";

    private static final String HEADING = "-----";

    private final List<Entry> entries = new ArrayList<>();

    private Reference() {}

    /**
     * A key.
     *
     * @param path as it is written in a file
     * @param value its default in HOCON; nothing where it is a block of other keys
     */
    public record Key(String path, Optional<String> value) {

        /** The key and its default, as a line of a file. */
        public String line() {
            return value.map(v -> "%s = %s".formatted(path, v)).orElse(path + " { … }");
        }
    }

    /**
     * Keys that stand one below the other, and what is said above them.
     *
     * @param keys at least one; a block is alone
     * @param explanation its lines
     */
    public record Entry(List<Key> keys, List<String> explanation) {

        private Entry beginningWith(String prefix) {
            return new Entry(
                    keys.stream().filter(key -> key.path().startsWith(prefix)).toList(), explanation);
        }

        private Entry and(Key key) {
            List<Key> more = new ArrayList<>(keys);
            more.add(key);
            return new Entry(more, explanation);
        }
    }

    /** All that {@code reference.conf} says. */
    public static Reference read() {
        Config written = ConfigFactory.parseResources(Reference.class.getClassLoader(), Where.DEFAULTS)
                .withOnlyPath(ROOT);
        Reference reference = new Reference();
        // Both, because what is substituted brings the comments of its own place instead of those above the
        // substitution.
        reference.collect(block(written), block(written.resolve()), ROOT + ".");
        return reference;
    }

    private static ConfigObject block(Config config) {
        return (ConfigObject) config.root().get(ROOT);
    }

    private void collect(ConfigObject written, ConfigObject resolved, String prefix) {
        int lineAbove = 0;
        for (String name : inOrder(written)) {
            ConfigValue source = written.get(name);
            List<String> explanation = explanation(source.origin());
            String path = prefix + name;
            if (resolved.get(name) instanceof ConfigObject block && !block.isEmpty()) {
                if (!explanation.isEmpty()) {
                    entries.add(new Entry(List.of(new Key(path, Optional.empty())), explanation));
                }
                ConfigObject own = source instanceof ConfigObject object ? object : block;
                collect(own, block, path.equals(EXPERIMENT) ? "" : path + ".");
                lineAbove = 0;
            } else {
                Key key = new Key(path, Optional.of(Shown.hocon(resolved.get(name))));
                int line = source.origin().lineNumber();
                add(key, explanation, line == lineAbove + 1);
                lineAbove = line;
            }
        }
    }

    private void add(Key key, List<String> explanation, boolean isBelowAnother) {
        if (explanation.isEmpty() && isBelowAnother) {
            int last = entries.size() - 1;
            entries.set(last, entries.get(last).and(key));
        } else {
            entries.add(new Entry(List.of(key), explanation));
        }
    }

    private static List<String> inOrder(ConfigObject block) {
        return block.keySet().stream()
                .sorted(Comparator.comparingInt(name -> block.get(name).origin().lineNumber()))
                .toList();
    }

    private static List<String> explanation(ConfigOrigin origin) {
        return origin.comments().stream()
                .map(line -> line.startsWith(" ") ? line.substring(1) : line)
                .filter(line -> !line.startsWith(HEADING))
                .toList();
    }

    /**
     * The entries of keys that begin so, in the order of {@code reference.conf}; all for an empty prefix.
     *
     * @throws UserError when no key does
     */
    public List<Entry> beginningWith(String prefix) {
        List<Entry> found = entries.stream()
                .map(entry -> entry.beginningWith(prefix))
                .filter(entry -> !entry.keys().isEmpty())
                .toList();
        if (found.isEmpty()) {
            throw UserError.usage("prefix (%s) begins no key. %s".formatted(prefix, remedy(prefix)));
        }
        return found;
    }

    /** The keys that end so, or the nearest key or block, or what stands at the top of all. */
    private String remedy(String prefix) {
        Set<String> paths = paths();
        List<String> ending =
                paths.stream().filter(path -> path.endsWith("." + prefix)).toList();
        if (ending.isEmpty()) {
            Optional<String> nearest = Nearest.to(prefix, paths);
            ending = nearest.map(List::of)
                    .orElseGet(() ->
                            paths.stream().filter(path -> !path.contains(".")).toList());
        }
        return "Maybe %s%s?".formatted(ending.size() > 1 ? "one of " : "", String.join(", ", ending));
    }

    /** Every block, before its keys, and every key. */
    private Set<String> paths() {
        Set<String> paths = new LinkedHashSet<>();
        entries.stream().flatMap(entry -> entry.keys().stream()).map(Key::path).forEach(path -> {
            for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
                paths.add(path.substring(0, dot));
            }
            paths.add(path);
        });
        return paths;
    }
}
