package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Overrides {@code key=value} from the command line. The key is a path; where the path meets a list, the next element is
 * an index from 0 or, among flows and samplings, its name: {@code zoo.epochs=5}, {@code flow.training.time=20s},
 * {@code flows.0.geometry=euclidean}, {@code flows.geometric.backbone.width=64}, {@code network.hidden=[32,32]}. The index
 * after the last adds an element: {@code samplings.0={name=coarse, steps=4}}. The value is HOCON; a block is merged into what
 * is there, everything else replaces it.
 */
final class Overrides {

    private final ConfigObject defaults;

    Overrides(ConfigObject defaults) {
        this.defaults = defaults;
    }

    /** What was written, with the overrides applied from left to right. */
    Config apply(Config written, List<String> overrides) {
        ConfigObject out = written.root();
        for (String override : overrides) {
            String place = "%s(%s)".formatted(Where.OVERRIDE, override);
            out = (ConfigObject) set(out, defaults, path(override), value(override), place);
        }
        return out.toConfig();
    }

    /** What was written, with one value set; {@code place} begins the message where a list has no such element. */
    Config set(Config written, List<String> path, ConfigValue value, String place) {
        return ((ConfigObject) set(written.root(), defaults, path, value, place)).toConfig();
    }

    private static List<String> path(String override) {
        int equals = override.indexOf('=');
        if (equals < 1) {
            throw UserError.usage("%s(%s) is not key=value. Maybe zoo.epochs=5?".formatted(Where.OVERRIDE, override));
        }
        try {
            return ConfigUtil.splitPath(override.substring(0, equals).strip());
        } catch (ConfigException e) {
            throw UserError.usage(
                    "%s(%s) has no well-formed key. Maybe zoo.epochs=5?".formatted(Where.OVERRIDE, override), e);
        }
    }

    /** The value of an override. */
    static ConfigValue value(String override) {
        String text = override.substring(override.indexOf('=') + 1).strip();
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription(Where.OVERRIDE + override);
        try {
            String hocon = "value = " + (text.isEmpty() ? "\"\"" : text);
            ConfigObject parsed =
                    ConfigFactory.parseString(hocon, options).resolve().root();
            if (parsed.size() == 1 && parsed.get("value") != null) {
                return parsed.get("value");
            }
        } catch (ConfigException e) {
            throw UserError.usage(notHocon(override), e);
        }
        throw UserError.usage(notHocon(override));
    }

    private static String notHocon(String override) {
        return "%s(%s) has no well-formed value. Maybe put it in double quotes, and all in single ones for the shell?"
                .formatted(Where.OVERRIDE, override);
    }

    private ConfigValue set(
            @Nullable ConfigValue current,
            @Nullable ConfigValue below,
            List<String> path,
            ConfigValue value,
            String place) {
        if (path.isEmpty()) {
            return value instanceof ConfigObject && current instanceof ConfigObject
                    ? value.withFallback(current)
                    : value;
        }
        String head = path.get(0);
        List<String> tail = path.subList(1, path.size());
        if ((current == null ? below : current) instanceof ConfigList list) {
            int index = index(list, head, place);
            List<ConfigValue> elements = new ArrayList<>(list);
            ConfigValue element = set(index < list.size() ? list.get(index) : null, null, tail, value, place);
            if (index < list.size()) {
                elements.set(index, element);
            } else {
                elements.add(element);
            }
            return ConfigValueFactory.fromIterable(elements);
        }
        ConfigObject object = current instanceof ConfigObject o
                ? o
                : ConfigFactory.empty().root().withOrigin(value.origin());
        ConfigValue next = below instanceof ConfigObject b ? b.get(head) : null;
        return object.withValue(head, set(object.get(head), next, tail, value, place));
    }

    private static int index(ConfigList list, String head, String place) {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Object name = list.get(i).unwrapped() instanceof Map<?, ?> map ? map.get("name") : null;
            if (head.equals(name) || head.equals(String.valueOf(i))) {
                return i;
            }
            names.add(name == null ? String.valueOf(i) : name.toString());
        }
        if (head.equals(String.valueOf(list.size()))) {
            return list.size();
        }
        throw UserError.usage("%s: there is no element %s. Maybe one of %s, or its index from 0?"
                .formatted(place, head, String.join(", ", names)));
    }
}
