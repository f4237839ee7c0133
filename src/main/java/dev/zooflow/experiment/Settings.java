package dev.zooflow.experiment;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A block of configuration that is read strictly: every value has a type and a range, and what breaks them is a
 * {@link UserError} that says where it was written. Keys always exist, because the defaults lie below every block.
 */
final class Settings {

    private final Config config;
    private final String prefix;
    private final @Nullable ConfigOrigin place;

    Settings(Config config, String prefix) {
        this(config, prefix, null);
    }

    /** A block that stands at {@code place}, which errors name for values that the user did not write. */
    Settings(Config config, String prefix, @Nullable ConfigOrigin place) {
        this.config = config;
        this.prefix = prefix;
        this.place = place;
    }

    /** A nested block. */
    Settings block(String key) {
        return new Settings(config.getConfig(key), prefix + key + ".", place);
    }

    /** A nested block above another one; nothing where it is empty. */
    Optional<Settings> above(String key, Config below) {
        Config block = config.getConfig(key);
        return block.isEmpty()
                ? Optional.empty()
                : Optional.of(new Settings(block.withFallback(below), prefix + key + ".", place));
    }

    /** A whole number in [min, max]. */
    int integer(String key, int min, int max) {
        return (int) integer(key, (long) min, (long) max);
    }

    /** A whole number in [min, max]; {@code 1e6} counts as one. */
    long integer(String key, long min, long max) {
        BigDecimal value = number(key);
        if (value.stripTrailingZeros().scale() > 0) {
            throw error(key, "is not a whole number", "Maybe %d?".formatted(Math.round(value.doubleValue())));
        }
        if (value.compareTo(BigDecimal.valueOf(min)) < 0 || value.compareTo(BigDecimal.valueOf(max)) > 0) {
            long nearest = value.compareTo(BigDecimal.valueOf(min)) < 0 ? min : max;
            throw error(key, "is outside [%d, %d]".formatted(min, max), "Maybe %d?".formatted(nearest));
        }
        return value.longValueExact();
    }

    /** A number in [min, max]. */
    double real(String key, double min, double max) {
        double value = number(key).doubleValue();
        if (!(value >= min && value <= max)) {
            String nearest = Shown.plain(value < min ? min : max);
            throw error(
                    key,
                    "is outside [%s, %s]".formatted(Shown.plain(min), Shown.plain(max)),
                    "Maybe %s?".formatted(nearest));
        }
        return value;
    }

    /** A number in (0, max]. */
    double positive(String key, double max) {
        double value = number(key).doubleValue();
        if (!(value > 0 && value <= max)) {
            String remedy = value <= 0 ? "Maybe leave the key out?" : "Maybe %s?".formatted(Shown.plain(max));
            throw error(key, "is outside (0, %s]".formatted(Shown.plain(max)), remedy);
        }
        return value;
    }

    /** A number in [0, 1). */
    double belowOne(String key) {
        double value = number(key).doubleValue();
        if (!(value >= 0 && value < 1)) {
            throw error(key, "is outside [0, 1)", value < 0 ? "Maybe 0?" : "Maybe 0.99?");
        }
        return value;
    }

    /** A number in [min, max], or nothing where the text is empty. */
    OptionalDouble optional(String key, double min, double max) {
        return text(key).isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(real(key, min, max));
    }

    /** The blocks inside a block, by name. */
    Map<String, ConfigObject> blocks(String key) {
        Map<String, ConfigObject> blocks = new TreeMap<>();
        config.getObject(key).forEach((name, value) -> blocks.put(name, KnownKeys.block(value, key + "." + name)));
        return blocks;
    }

    boolean flag(String key) {
        try {
            return config.getBoolean(key);
        } catch (ConfigException.WrongType | ConfigException.Null e) {
            throw error(key, "is neither true nor false", "Maybe true?", e);
        }
    }

    String text(String key) {
        ConfigValue value = value(key);
        ConfigValueType type = value.valueType();
        if (type != ConfigValueType.STRING && type != ConfigValueType.NUMBER && type != ConfigValueType.BOOLEAN) {
            throw error(key, "is a %s, not a text".formatted(Shown.typeName(value)), "Maybe put it in quotes?");
        }
        return config.getString(key);
    }

    /** A text that is a single character. */
    char character(String key) {
        String text = text(key);
        if (text.length() != 1) {
            throw error(key, "is not one character", "Maybe \",\" or \";\" or \"\\t\"?");
        }
        return text.charAt(0);
    }

    /** A constant of an enum, written in kebab-case. */
    <E extends Enum<E>> E choice(String key, Class<E> type) {
        String text = text(key);
        E[] constants = type.getEnumConstants();
        for (E constant : constants) {
            if (kebab(constant).equals(text)) {
                return constant;
            }
        }
        List<String> allowed = Arrays.stream(constants).map(Settings::kebab).toList();
        String nearest = Nearest.to(text, allowed).orElse(String.join(", or ", allowed));
        throw error(key, "is none of " + String.join(", ", allowed), "Maybe %s?".formatted(nearest));
    }

    /** A duration of at least zero with its unit; a plain 0 needs none. */
    Duration duration(String key, Duration max) {
        String text = text(key).strip();
        if (text.matches("[-+0-9.eE]+") && !text.equals("0")) {
            throw error(key, "has no unit", "Maybe %s s?".formatted(text));
        }
        try {
            Duration duration = config.getDuration(key);
            if (duration.isNegative() || duration.compareTo(max) > 0) {
                throw error(key, "is outside [0, %d days]".formatted(max.toDays()), "Maybe 60 s?");
            }
            return duration;
        } catch (ConfigException.BadValue | ConfigException.WrongType e) {
            throw error(key, "is no duration", "Maybe 90 s, 15 m or 2 h?", e);
        }
    }

    /** A list of texts. */
    List<String> texts(String key) {
        return elements(key, "Maybe [\"a\", \"b\"]?")
                .map(v -> String.valueOf(v.unwrapped()))
                .toList();
    }

    /** A list of whole numbers in [min, max] with at most so many elements. */
    List<Integer> integers(String key, int min, int max, int longest) {
        List<Integer> list = elements(key, "Maybe [16, 16]?")
                .map(v -> new Settings(v.atKey(key), prefix, place).integer(key, min, max))
                .toList();
        if (list.size() > longest) {
            throw error(key, "has more than %d elements".formatted(longest), "Maybe a typing error?");
        }
        return list;
    }

    private Stream<ConfigValue> elements(String key, String remedy) {
        ConfigValue value = value(key);
        if (value instanceof ConfigList list) {
            return list.stream();
        }
        throw error(key, "is a %s, not a list".formatted(Shown.typeName(value)), remedy);
    }

    private BigDecimal number(String key) {
        try {
            return new BigDecimal(text(key).strip());
        } catch (NumberFormatException e) {
            throw error(key, "is not a number", "Maybe a typing error?", e);
        }
    }

    private ConfigValue value(String key) {
        ConfigValue value = config.root();
        for (String part : ConfigUtil.splitPath(key)) {
            value = value instanceof ConfigObject object ? object.get(part) : null;
        }
        if (value == null) {
            throw new IllegalStateException("%s has no default in %s".formatted(prefix + key, Where.DEFAULTS));
        }
        return value;
    }

    /** What is wrong with the value of a key. */
    UserError error(String key, String problem, String remedy) {
        return error(key, problem, remedy, null);
    }

    private UserError error(String key, String problem, String remedy, @Nullable Throwable cause) {
        ConfigValue value = value(key);
        ConfigOrigin origin = Where.isWritten(value) || place == null ? value.origin() : place;
        String message =
                "%s%s (%s) %s. %s".formatted(Where.of(origin), prefix + key, Shown.shown(value), problem, remedy);
        return cause == null ? UserError.usage(message) : UserError.usage(message, cause);
    }

    /** The first of these keys that the user wrote: the one to name where two values contradict each other. */
    String written(String... keys) {
        return Stream.of(keys)
                .filter(key -> Where.isWritten(value(key)))
                .findFirst()
                .orElse(keys[0]);
    }

    /** Full path of a key of this block. */
    String path(String key) {
        return prefix + key;
    }

    static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
