package dev.zooflow.experiment;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Writes a specification as HOCON. Keys are the names of the record components in kebab-case, so that a component and its
 * key can't drift apart.
 */
final class SpecWriter {

    private static final ConfigRenderOptions OPTIONS = ConfigRenderOptions.defaults()
            .setOriginComments(false)
            .setComments(false)
            .setFormatted(true);

    private SpecWriter() {}

    static String write(ExperimentSpec spec, boolean json) {
        return ConfigValueFactory.fromMap(tree(spec)).render(OPTIONS.setJson(json));
    }

    /** Keys and values of a record, nested as it is. */
    static Map<String, Object> tree(Record value) {
        Map<String, Object> out = new LinkedHashMap<>();
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object part = read(component, value);
            if (!Optional.empty().equals(part)) {
                out.put(kebab(component.getName()), plain(part));
            }
        }
        return out;
    }

    private static Object plain(Object value) {
        if (value instanceof Record nested) {
            return tree(nested);
        }
        if (value instanceof Optional<?> present) {
            return plain(present.orElseThrow());
        }
        if (value instanceof Enum<?> constant) {
            return Settings.kebab(constant);
        }
        if (value instanceof Duration duration) {
            return withUnit(duration);
        }
        if (value instanceof Character character) {
            return character.toString();
        }
        if (value instanceof OptionalDouble number) {
            return number.isPresent() ? number.getAsDouble() : "";
        }
        if (value instanceof List<?> list) {
            List<Object> out = new ArrayList<>();
            list.forEach(e -> out.add(plain(e)));
            return out;
        }
        return value;
    }

    private static String withUnit(Duration duration) {
        if (duration.toNanosPart() == 0) {
            return duration.toSeconds() + " s";
        }
        return duration.toNanosPart() % 1_000_000 == 0 ? duration.toMillis() + " ms" : duration.toNanos() + " ns";
    }

    private static String kebab(String camelCase) {
        return camelCase.replaceAll("([A-Z]|(?<=[a-z])[0-9])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static Object read(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("record component %s can't be read".formatted(component), e);
        }
    }
}
