package dev.zooflow.message;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of all message types, {@code dev.zooflow.<record-in-kebab-case>.v<major>}, derived from the sealed hierarchy of
 * {@link Message}: declaring a record there is all it takes to add a type.
 */
public final class MessageTypes {

    /** Major version of every type: it rises when a reader of the old one can't understand the new one any more. */
    public static final int MAJOR = 1;

    private static final String PREFIX = "dev.zooflow.";
    private static final Pattern NAME = Pattern.compile(Pattern.quote(PREFIX) + "([a-z0-9-]{1,100})\\.v(\\d{1,9})");
    private static final Map<String, Class<? extends Message>> BY_NAME = byName();

    private MessageTypes() {}

    private static Map<String, Class<? extends Message>> byName() {
        Map<String, Class<? extends Message>> types = new TreeMap<>();
        leaves(Message.class).forEach(type -> {
            if (types.put(kebab(type.getSimpleName()), type.asSubclass(Message.class)) != null) {
                throw new IllegalStateException("two message types are called " + type.getSimpleName());
            }
        });
        return Collections.unmodifiableMap(types);
    }

    private static Stream<Class<?>> leaves(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses()).flatMap(MessageTypes::leaves)
                : Stream.of(type);
    }

    /** Every message type by its name without prefix and version, in alphabetical order. */
    public static Map<String, Class<? extends Message>> all() {
        return BY_NAME;
    }

    /** {@code ce_type} of a message type. */
    public static String typeOf(Class<? extends Message> type) {
        return "%s%s.v%d".formatted(PREFIX, kebab(type.getSimpleName()), MAJOR);
    }

    /** URI of the schema of a message type's payload. */
    public static String schemaOf(Class<? extends Message> type) {
        return "urn:zooflow:schema:%s:v%d".formatted(kebab(type.getSimpleName()), MAJOR);
    }

    /**
     * The message type with this {@code ce_type}.
     *
     * @throws UnsupportedTypeException when it is unknown or of another major version
     */
    public static Class<? extends Message> classOf(String ceType) throws UnsupportedTypeException {
        Matcher name = NAME.matcher(ceType);
        Class<? extends Message> type = name.matches() ? BY_NAME.get(name.group(1)) : null;
        if (type == null) {
            throw new UnsupportedTypeException(
                    "message type (%s) is unknown. Maybe it comes from a newer version of zooflow?".formatted(ceType));
        }
        if (Integer.parseInt(name.group(2)) != MAJOR) {
            throw new UnsupportedTypeException(
                    "message type (%s) has another major version than v%d. Maybe update zooflow here?"
                            .formatted(ceType, MAJOR));
        }
        return type;
    }

    private static String kebab(String camel) {
        return camel.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
