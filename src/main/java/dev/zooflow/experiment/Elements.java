package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Lists of blocks in which each element inherits from one block beside the list: {@code flows} from {@code flow}, {@code
 * samplings} from {@code sampling}, {@code published} from {@code publication}.
 */
final class Elements {

    /** The block that the elements of a list inherit from, by the list's key. */
    static final Map<String, String> INHERITED =
            Map.of("flows", "flow", "samplings", "sampling", "published", "publication");

    private Elements() {}

    /**
     * The elements of a list, each above the block that it inherits from.
     *
     * @param example of an element, for messages
     */
    static List<Settings> of(Config config, String key, String example) {
        if (!(config.root().get(key) instanceof ConfigList list)) {
            throw new Settings(config, "").error(key, "is not a list", "Maybe [%s]?".formatted(example));
        }
        Config inherited = config.getConfig(INHERITED.get(key));
        return IntStream.range(0, list.size())
                .mapToObj(i -> element(list.get(i), inherited, "%s.%d.".formatted(key, i)))
                .toList();
    }

    private static Settings element(ConfigValue element, Config inherited, String prefix) {
        Config own = ((ConfigObject) element).toConfig();
        return new Settings(own.withFallback(inherited), prefix, element.origin());
    }

    /** Refuses two elements with one {@code name}. */
    static void checkNames(List<Settings> elements, String what) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < elements.size(); i++) {
            String name = elements.get(i).text("name");
            if (!names.add(name)) {
                throw elements.get(i)
                        .error("name", "is the name of two " + what, "Maybe %s-%d?".formatted(name, i + 1));
            }
        }
    }
}
