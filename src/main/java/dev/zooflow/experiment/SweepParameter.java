package dev.zooflow.experiment;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A key that a sweep varies: {@code { values = [a, b] }}, or {@code { min, max, distribution, q }}, a {@link SweepRange};
 * without a distribution, int-uniform between whole numbers and uniform between others. A value may be a block of keys that are
 * set together; then parameters of keys below may stand beside {@code values}.
 *
 * @param path of the key in the experiment
 * @param block as it was written
 */
record SweepParameter(List<String> path, ConfigObject block) {

    /** The key of the zoo that trials may differ in: the smaller zoos are parts of the largest. */
    static final List<String> ZOO_SIZE = List.of("zoo", "training-trajectories");

    private static final List<String> FLOW = List.of("flow");
    private static final Set<String> KEYS = Set.of("values", "min", "max", "distribution", "q");

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
        if (path.equals(FLOW) && (ranged || !values(block).stream().allMatch(SweepParameter::isOfFlow))) {
            throw error(path, block, "needs values like { alignment = none }, without a name");
        }
    }

    /** All parameters of a {@code sweep.parameters} block, by path. */
    static List<SweepParameter> collect(ConfigObject block) {
        List<SweepParameter> parameters = new ArrayList<>();
        collect(block, List.of(), parameters);
        Set<String> keys = new TreeSet<>();
        for (SweepParameter parameter : parameters) {
            for (String key : parameter.keys()) {
                if (!keys.add(key)) {
                    throw error(parameter.path, parameter.block, "sets %s for the second time".formatted(key));
                }
            }
        }
        return parameters;
    }

    private static void collect(ConfigObject block, List<String> prefix, List<SweepParameter> parameters) {
        new TreeMap<>(block).forEach((key, value) -> {
            List<String> path = new ArrayList<>(prefix);
            path.add(key);
            ConfigObject inner = KnownKeys.block(value, SweepTrials.PARAMETERS + "." + String.join(".", path));
            if (is(inner)) {
                ConfigObject below = below(inner);
                collect(below, path, parameters);
                ConfigObject own = inner;
                for (String other : below.keySet()) {
                    own = own.withoutKey(other);
                }
                parameters.add(new SweepParameter(path, own));
            } else {
                collect(inner, path, parameters);
            }
        });
    }

    /** What stands beside values that are blocks of keys. */
    private static ConfigObject below(ConfigObject block) {
        ConfigObject below = block;
        for (String own : KEYS) {
            below = below.withoutKey(own);
        }
        boolean blocks = block.get("values") instanceof ConfigList list
                && list.stream().allMatch(ConfigObject.class::isInstance);
        return blocks ? below : ConfigFactory.empty().root();
    }

    /** Whether a block is one, not a part of the path to one. */
    private static boolean is(ConfigObject block) {
        return block.keySet().stream().anyMatch(KEYS::contains);
    }

    private static UserError error(List<String> path, ConfigObject block, String problem) {
        return UserError.usage(
                "%ssweep.parameters.%s (%s) %s. Maybe { values = [a, b] }, or { min = 1e-4, max = 1e-2, distribution = log-uniform }?"
                        .formatted(Where.of(block.origin()), String.join(".", path), Shown.shown(block), problem));
    }

    private static boolean isOfFlow(ConfigValue value) {
        return value instanceof ConfigObject keys && !keys.isEmpty() && !keys.containsKey("name");
    }

    /** The keys that it sets, in an experiment file. */
    Set<String> keys() {
        String own = ConfigUtil.joinPath(path);
        Set<String> keys = new TreeSet<>();
        for (ConfigValue value : values()) {
            if (value instanceof ConfigObject block) {
                block.toConfig().entrySet().forEach(entry -> keys.add(own + "." + entry.getKey()));
            } else {
                keys.add(own);
            }
        }
        return values().isEmpty() ? Set.of(own) : keys;
    }

    /** All values; empty where there is a range of them. */
    List<ConfigValue> values() {
        return values(block);
    }

    private static List<ConfigValue> values(ConfigObject block) {
        return block.get("values") instanceof ConfigList list ? list : List.of();
    }

    /**
     * Whether the trials of one run may differ in it; of another key each value makes a run of its own.
     */
    boolean ofTrial() {
        return path.get(0).equals(FLOW.get(0)) || path.get(0).equals("sampling") || path.equals(ZOO_SIZE);
    }

    /** Its name in an experiment file. */
    String name() {
        return SweepTrials.PARAMETERS + "." + ConfigUtil.joinPath(path);
    }

    /**
     * The values of which a grid tries each.
     *
     * @throws UserError where there is a range of them
     */
    List<ConfigValue> gridValues() {
        if (values().isEmpty()) {
            throw UserError.usage(
                    "%s%s (%s) is a range, which has no grid. Maybe values = […], or sweep.method = quasi-random?"
                            .formatted(Where.of(block.origin()), name(), Shown.shown(block)));
        }
        return values();
    }

    /** The value at a place in [0, 1). */
    ConfigValue at(double place) {
        if (!values().isEmpty()) {
            return values().get((int) (place * values().size()));
        }
        SweepRange range = range();
        if (range.isEmpty()) {
            throw error(path, block, "is no range");
        }
        return ConfigValueFactory.fromAnyRef(range.at(place), block.origin().description())
                .withOrigin(block.origin());
    }

    private double number(String key) {
        ConfigValue value = block.get(key);
        if (value.valueType() != ConfigValueType.NUMBER) {
            throw error(path, block, "has a %s (%s) that is no number".formatted(key, Shown.shown(value)));
        }
        return ((Number) value.unwrapped()).doubleValue();
    }

    private SweepRange range() {
        double min = number("min");
        double max = number("max");
        double q = block.containsKey("q") ? number("q") : 0;
        boolean whole = min == Math.rint(min) && max == Math.rint(max) && q == Math.rint(q);
        ConfigValue written = block.get("distribution");
        String name = written == null ? (whole ? "int-uniform" : "uniform") : String.valueOf(written.unwrapped());
        if (name.startsWith("int") && q != Math.rint(q)) {
            throw error(path, block, "draws whole numbers, of which q (%s) is none".formatted(q));
        }
        return SweepRange.of(name, min, max, q)
                .orElseThrow(() -> error(
                        path,
                        block,
                        "has an unknown distribution (%s), not one of %s".formatted(name, SweepRange.DISTRIBUTIONS)));
    }

    /** This value as a part of a trial's name. */
    String label(ConfigValue value) {
        return label(path.get(path.size() - 1), value);
    }

    private static String label(String key, ConfigValue value) {
        if (value instanceof ConfigObject together) {
            return new TreeMap<>(together)
                    .entrySet().stream()
                            .map(entry -> label(entry.getKey(), entry.getValue()))
                            .collect(Collectors.joining("-"));
        }
        boolean text = value.valueType() == ConfigValueType.STRING;
        String shown = Shown.shown(value).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        return text ? shown : key + "-" + shown;
    }

    /** The key of the flow that has the value: the sampling is one of its own, and the zoo a part of the whole. */
    private List<String> key() {
        return path.equals(ZOO_SIZE)
                ? List.of("zoo-trajectories")
                : path.get(0).equals(FLOW.get(0)) ? path.subList(1, path.size()) : path;
    }

    /** The largest value, if this is the size of the zoo. */
    OptionalInt largestZoo() {
        if (!path.equals(ZOO_SIZE)) {
            return OptionalInt.empty();
        }
        List<ConfigValue> ends = values().isEmpty() ? List.of(at(Math.nextDown(1.0))) : values();
        return ends.stream()
                .mapToInt(v -> new Settings(v.atPath(String.join(".", path)), "")
                        .integer(String.join(".", path), 1, 1_000_000))
                .max();
    }

    /** A flow that has this value, and what it had. */
    ConfigObject set(ConfigObject flow, ConfigValue value) {
        ConfigObject set = path.equals(FLOW)
                ? (ConfigObject) value
                : ConfigFactory.empty()
                        .withValue(String.join(".", key()), value)
                        .root();
        return set.withFallback(flow);
    }
}
