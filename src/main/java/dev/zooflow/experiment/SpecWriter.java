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
        Map<String, Object> tree = tree(spec);
        if (spec.sweep().isPresent()) {
            shorten(tree, spec.flows());
        }
        return ConfigValueFactory.fromMap(tree).render(OPTIONS.setJson(json));
    }

    /** Of a thousand trials each is written as what it does not share with the first, from which all inherit. */
    private static void shorten(Map<String, Object> tree, List<FlowSpec> flows) {
        Map<String, Object> first = tree(flows.get(0));
        List<Object> rest = flows.stream()
                .<Object>map(flow -> difference(tree(flow), first))
                .toList();
        Map<String, Object> shared = new LinkedHashMap<>(first);
        shared.remove("name");
        tree.put("flow", shared);
        tree.put("flows", rest);
    }

    /** A flow as it is written where it inherits from another one. */
    static String difference(FlowSpec flow, FlowSpec from) {
        return ConfigValueFactory.fromMap(difference(tree(flow), tree(from))).render(ConfigRenderOptions.concise());
    }

    private static Map<String, Object> difference(Map<String, Object> tree, Map<String, Object> from) {
        Map<String, Object> out = new LinkedHashMap<>();
        tree.forEach((key, value) -> {
            Object other = from.get(key);
            if (key.equals("name")) {
                out.put(key, value);
            } else if (value instanceof Map<?, ?> nested && other instanceof Map<?, ?> block) {
                Map<String, Object> inner = difference(strings(nested), strings(block));
                if (!inner.isEmpty()) {
                    out.put(key, inner);
                }
            } else if (!value.equals(other)) {
                out.put(key, value);
            }
        });
        return out;
    }

    private static Map<String, Object> strings(Map<?, ?> map) {
        Map<String, Object> out = new LinkedHashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), value));
        return out;
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

    /** A duration as HOCON has it. */
    static String withUnit(Duration duration) {
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
