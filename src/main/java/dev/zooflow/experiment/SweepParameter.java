package dev.zooflow.experiment;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A key that a sweep varies: {@code { values = [a, b] }}, or {@code { min, max, distribution }} with distribution uniform,
 * log-uniform or int-uniform; without one, int-uniform between whole numbers and uniform between others.
 *
 * @param path of the key inside {@code flow}
 * @param block as it was written
 */
record SweepParameter(List<String> path, ConfigObject block) {

    private static final Set<String> KEYS = Set.of("values", "min", "max", "distribution");
    private static final Set<String> DISTRIBUTIONS = Set.of("uniform", "log-uniform", "int-uniform");

    SweepParameter {
        Set<String> keys = block.keySet();
        boolean listed = keys.equals(Set.of("values"));
        boolean ranged = keys.containsAll(Set.of("min", "max")) && KEYS.containsAll(keys) && !keys.contains("values");
        if (!listed && !ranged) {
            throw error(
                    path, block, "has keys %s".formatted(keys.stream().sorted().toList()));
        }
        if (listed && !(block.get("values") instanceof ConfigList list && !list.isEmpty())) {
            throw error(path, block, "lists no values");
        }
    }

    /** Whether a block is one, not a part of the path to one. */
    static boolean is(ConfigObject block) {
        return block.keySet().stream().anyMatch(KEYS::contains);
    }

    private static UserError error(List<String> path, ConfigObject block, String problem) {
        return UserError.usage(
                "%ssweep.parameters.flow.%s (%s) %s. Maybe { values = [a, b] }, or { min = 1e-4, max = 1e-2, distribution = log-uniform }?"
                        .formatted(Where.of(block.origin()), String.join(".", path), Shown.shown(block), problem));
    }

    /** All values; empty where there is a range of them. */
    List<ConfigValue> values() {
        return block.get("values") instanceof ConfigList list ? list : List.of();
    }

    /** The value at a place in [0, 1). */
    ConfigValue at(double place) {
        if (!values().isEmpty()) {
            return values().get((int) (place * values().size()));
        }
        double min = number("min");
        double max = number("max");
        String distribution = distribution();
        boolean empty = distribution.equals("int-uniform") && Math.ceil(min) > Math.floor(max);
        if (!(min < max) || empty || (distribution.equals("log-uniform") && min <= 0)) {
            throw error(path, block, "is no range");
        }
        Object value = switch (distribution) {
            case "int-uniform" -> (long) (Math.ceil(min) + Math.floor(place * (Math.floor(max) - Math.ceil(min) + 1)));
            case "log-uniform" -> rounded(min * Math.pow(max / min, place));
            default -> rounded(min + place * (max - min));
        };
        return ConfigValueFactory.fromAnyRef(value, block.origin().description())
                .withOrigin(block.origin());
    }

    // Four digits, so that names of trials and rendered experiments stay readable.
    private static double rounded(double value) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.4g", value));
    }

    private double number(String key) {
        ConfigValue value = block.get(key);
        if (value.valueType() != ConfigValueType.NUMBER) {
            throw error(path, block, "has a %s (%s) that is no number".formatted(key, Shown.shown(value)));
        }
        return ((Number) value.unwrapped()).doubleValue();
    }

    private String distribution() {
        ConfigValue written = block.get("distribution");
        if (written == null) {
            boolean whole = number("min") == Math.rint(number("min")) && number("max") == Math.rint(number("max"));
            return whole ? "int-uniform" : "uniform";
        }
        String name = String.valueOf(written.unwrapped());
        if (!DISTRIBUTIONS.contains(name)) {
            throw error(path, block, "has an unknown distribution (%s)".formatted(name));
        }
        return name;
    }

    /** This value as a part of a trial's name. */
    String label(ConfigValue value) {
        boolean text = value.valueType() == ConfigValueType.STRING;
        String shown = Shown.shown(value).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        return text ? shown : path.get(path.size() - 1) + "-" + shown;
    }

    /** A flow that has this value, and what it had. */
    ConfigObject set(ConfigObject flow, ConfigValue value) {
        return ConfigFactory.empty()
                .withValue(String.join(".", path), value)
                .withFallback(flow)
                .root();
    }
}
