package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Named sizes of an experiment: each block of {@code budgets} holds what differs from the rest of the file, and {@code
 * budget} names the one that is merged over it. Overrides lie above both. Inside a budget an element of a list may be named
 * as in an override: {@code budgets.full.flows.geometric.training.steps = 250000}.
 */
final class Budgets {

    private static final String CHOICE = "budget";
    private static final String BLOCKS = "budgets";

    private final Config defaults;

    Budgets(Config defaults) {
        this.defaults = defaults;
    }

    /** The experiment with its budget merged, without the keys of this class; keys of the other budgets are checked too. */
    Config choose(Config written, List<String> overrides) {
        Overrides above = new Overrides(defaults.root());
        Config all = above.apply(written, overrides);
        Settings settings = new Settings(all.withFallback(defaults), "");
        Map<String, ConfigObject> blocks = settings.blocks(BLOCKS);
        String choice = settings.text(CHOICE);
        if (!choice.isEmpty() && !blocks.containsKey(choice)) {
            throw settings.error(
                    CHOICE,
                    "is not in %s".formatted(BLOCKS),
                    blocks.isEmpty()
                            ? "Maybe leave it out: this file has none?"
                            : "Maybe %s?".formatted(String.join(", or ", blocks.keySet())));
        }
        Config plain = without(written);
        KnownKeys known = new KnownKeys(defaults.root());
        blocks.values().forEach(b -> known.check(merge(plain, b).root()));
        Config chosen = choice.isEmpty() ? plain : merge(plain, blocks.get(choice));
        return without(above.apply(chosen, overrides));
    }

    private static Config without(Config config) {
        return config.withoutPath(CHOICE).withoutPath(BLOCKS);
    }

    private Config merge(Config written, ConfigObject budget) {
        List<Leaf> leaves = new ArrayList<>();
        collect(budget, List.of(), leaves);
        Overrides overrides = new Overrides(defaults.root());
        Config out = written;
        for (Leaf leaf : leaves) {
            out = overrides.set(out, leaf.path(), leaf.value(), leaf.place());
        }
        return out;
    }

    private record Leaf(List<String> path, ConfigValue value) {
        String place() {
            return Where.of(value.origin()) + String.join(".", path);
        }
    }

    private static void collect(ConfigObject object, List<String> prefix, List<Leaf> leaves) {
        object.forEach((key, value) -> {
            List<String> path = new ArrayList<>(prefix);
            path.add(key);
            if (value instanceof ConfigObject block && !block.isEmpty()) {
                collect(block, path, leaves);
            } else {
                leaves.add(new Leaf(path, value));
            }
        });
    }
}
