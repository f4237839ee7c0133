package dev.zooflow.message;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.CustomDefinition.AttributeInclusion;
import com.github.victools.jsonschema.generator.CustomDefinition.DefinitionType;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.zooflow.experiment.RunId;
import dev.zooflow.graph.Activation;
import dev.zooflow.graph.WeightBatch;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * JSON Schemas (draft 2020-12) of the payloads, made from the records: of JSON itself, of safetensors the JSON of their
 * header. A field that has a value for records without it is not required; unknown fields are allowed, as readers ignore them.
 */
public final class MessageSchemas {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final SnakeCaseStrategy SNAKE = new SnakeCaseStrategy();
    private static final String RUN = "^[a-z0-9][a-z0-9._-]{0,99}$";
    private static final String DIGEST = "^[0-9a-f]{64}$";

    private final Javadocs docs;
    private final SchemaGenerator generator;

    /** With these descriptions. */
    public MessageSchemas(Javadocs docs) {
        this.docs = docs;
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES, Option.INLINE_ALL_SCHEMAS);
        config.forTypesInGeneral()
                .withPropertySorter((unused, unusedToo) -> 0)
                .withCustomDefinitionProvider((type, context) -> definition(type));
        config.forFields()
                .withPropertyNameOverrideResolver(field -> SNAKE.translate(field.getName()))
                .withRequiredCheck(field -> field.getAnnotation(JacksonInject.class) == null)
                .withStringPatternResolver(field -> field.getName().equals("sha256") ? DIGEST : null)
                .withDescriptionResolver(this::description);
        generator = new SchemaGenerator(config.build());
    }

    /** All of them, by the name of the type as in {@link MessageTypes#all}. */
    public Map<String, ObjectNode> all() {
        Map<String, ObjectNode> schemas = new TreeMap<>();
        MessageTypes.all().forEach((name, type) -> schemas.put(name, of(type)));
        return schemas;
    }

    private ObjectNode of(Class<? extends Message> type) {
        ObjectNode body = WeightsPayload.covers(type) ? header(type) : generator.generateSchema(type);
        ObjectNode schema = JSON.objectNode()
                .put("$schema", SchemaVersion.DRAFT_2020_12.getIdentifier())
                .put("$id", MessageTypes.schemaOf(type))
                .put("title", type.getSimpleName())
                .put("description", docs.of(type).orElseThrow());
        body.remove("$schema");
        return schema.setAll(body);
    }

    /** Once, not again for what a list or a map holds. */
    private @Nullable String description(FieldScope field) {
        return field.isFakeContainerItemScope()
                ? null
                : docs.of(field.getMember().getRawMember().getDeclaringClass(), field.getName())
                        .orElse(null);
    }

    private static @Nullable CustomDefinition definition(ResolvedType type) {
        Class<?> erased = type.getErasedType();
        ObjectNode node = JSON.objectNode();
        if (erased == double.class || erased == Double.class) {
            // What is NaN or infinite is written as null.
            node.putArray("type").add("number").add("null");
        } else if (erased == RunId.class) {
            node.put("type", "string").put("pattern", RUN);
        } else if (erased.isEnum()) {
            node.put("type", "string").set("enum", constants(erased));
        } else {
            return null;
        }
        return new CustomDefinition(node, DefinitionType.INLINE, AttributeInclusion.YES);
    }

    private static ArrayNode constants(Class<?> type) {
        ArrayNode names = JSON.arrayNode();
        Arrays.stream(type.getEnumConstants())
                .map(c -> ((Enum<?>) c).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .forEach(names::add);
        return names;
    }

    /** Of a record that carries networks: arrays are tensors, all else is text in the metadata. */
    private ObjectNode header(Class<?> type) {
        ObjectNode metadata = JSON.objectNode().put("type", "object");
        ObjectNode scalars = JSON.objectNode();
        ObjectNode tensors = JSON.objectNode();
        ArrayNode required = JSON.arrayNode();
        for (RecordComponent component : type.getRecordComponents()) {
            String name = SNAKE.translate(component.getName());
            Class<?> value = component.getType();
            if (value == WeightBatch.class) {
                tensors.set("weights", tensor("F32", 2));
                scalars.set("widths", text("^[0-9]+(-[0-9]+)+$"));
                scalars.set("activation", JSON.objectNode().set("enum", constants(Activation.class)));
                required.add("widths").add("activation");
            } else if (value == int[].class) {
                tensors.set(name, tensor("I64", 1));
            } else if (value == float[].class) {
                tensors.set(name, tensor("F32", 1));
            } else {
                scalars.set(name, described(scalar(value), type, component.getName()));
                if (!name.equals("gradient_steps")) {
                    required.add(name);
                }
            }
        }
        metadata.set("required", required);
        metadata.set("properties", scalars);
        ObjectNode properties = JSON.objectNode().set("__metadata__", metadata);
        properties.setAll(tensors);
        ArrayNode all = JSON.arrayNode();
        properties.fieldNames().forEachRemaining(all::add);
        return JSON.objectNode()
                .put("$comment", "The header of the safetensors file; tensors follow it as little-endian bytes.")
                .put("type", "object")
                .<ObjectNode>set("required", all)
                .set("properties", properties);
    }

    private ObjectNode described(ObjectNode schema, Class<?> type, String component) {
        docs.of(type, component).ifPresent(text -> schema.put("description", text));
        return schema;
    }

    private static ObjectNode scalar(Class<?> type) {
        if (type == RunId.class) {
            return text(RUN);
        } else if (type == boolean.class) {
            return text("^(true|false)$");
        } else if (type == int.class || type == long.class) {
            return text("^-?[0-9]+$");
        }
        return JSON.objectNode().put("type", "string");
    }

    private static ObjectNode text(String pattern) {
        return JSON.objectNode().put("type", "string").put("pattern", pattern);
    }

    private static ObjectNode tensor(String dtype, int dimensions) {
        ObjectNode tensor = JSON.objectNode().put("type", "object");
        tensor.putArray("required").add("dtype").add("shape").add("data_offsets");
        ObjectNode properties = tensor.putObject("properties");
        properties.putObject("dtype").put("const", dtype);
        properties.set("shape", integers(dimensions));
        properties.set("data_offsets", integers(2));
        return tensor;
    }

    private static ObjectNode integers(int n) {
        ObjectNode array =
                JSON.objectNode().put("type", "array").put("minItems", n).put("maxItems", n);
        array.putObject("items").put("type", "integer").put("minimum", 0);
        return array;
    }
}
