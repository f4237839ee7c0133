package dev.zooflow.message;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Messages as JSON: snake_case names, enum constants in kebab-case, unknown fields ignored, everything else refused that
 * isn't exactly what the record declares. What is read is bounded in depth, length of texts, numbers and the whole.
 */
final class MessageJson {

    private static final int MAX_DEPTH = 32;
    private static final int MAX_NUMBER = 64;
    private static final int MAX_NAME = 1_000;
    private static final int MAX_STRING = 8 << 20;
    private static final long MAX_DOCUMENT = 64L << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER)
                            .maxNameLength(MAX_NAME)
                            .maxStringLength(MAX_STRING)
                            .maxDocumentLength(MAX_DOCUMENT)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .annotationIntrospector(new Wire())
            .injectableValues(new InjectableValues.Std()
                    .addValue(RunEvent.RunCompleted.FIRST, 1)
                    .addValue(TaskEvent.TaskQueued.NONE, 0))
            .addModule(new JsonValues())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private MessageJson() {}

    static byte[] write(Message message) {
        try {
            return MAPPER.writeValueAsBytes(message);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static <T extends Message> T read(byte[] json, Class<T> type) throws MalformedMessageException {
        // The parser checks the length of a document only when it has to fetch more of it.
        if (json.length > MAX_DOCUMENT) {
            throw new MalformedMessageException(
                    "JSON of %,d bytes is longer than %,d".formatted(json.length, MAX_DOCUMENT));
        }
        T message;
        try {
            message = MAPPER.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new MalformedMessageException(
                    "JSON of %s: %s".formatted(type.getSimpleName(), e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (message == null) {
            throw new MalformedMessageException("JSON of %s is null".formatted(type.getSimpleName()));
        }
        return message;
    }

    /**
     * Names enum constants as the configuration does: {@code ZOO_PRODUCER} is {@code zoo-producer}. A field that came later has
     * a value for records without it; it belongs to the constructor alone.
     */
    private static final class Wire extends JacksonAnnotationIntrospector {

        @Override
        public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember member) {
            JacksonInject.Value absent =
                    member instanceof AnnotatedParameter ? super.findInjectableValue(member) : null;
            return absent == null ? null : absent.withUseInput(true);
        }

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < names.length; i++) {
                names[i] = constants[i].name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
            return names;
        }
    }
}
