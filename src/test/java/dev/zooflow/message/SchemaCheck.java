package dev.zooflow.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Holds messages as they travel against the AsyncAPI document: headers and payload. */
public final class SchemaCheck {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private SchemaCheck() {}

    /** What is wrong with a message whose payload is inline. */
    public static List<Error> errors(Envelope envelope) throws IOException {
        String uri = envelope.headers().get(Envelope.DATA_SCHEMA);
        List<Error> errors = new ArrayList<>(errors(uri, payload(envelope)));
        errors.addAll(headers(kind(uri)).validate(MAPPER.valueToTree(envelope.headers())));
        return errors;
    }

    /** What is wrong with a payload: JSON, or the header of safetensors. */
    static List<Error> errors(String uri, JsonNode payload) {
        return SCHEMAS.computeIfAbsent(
                        uri, u -> REGISTRY.getSchema(AsyncApi.schema(kind(u)).orElseThrow()))
                .validate(payload);
    }

    /** The type of message in the URI of a schema. */
    static String kind(String uri) {
        return uri.split(":", -1)[3];
    }

    /** The payload as JSON; of safetensors their header. */
    static JsonNode payload(Envelope envelope) throws IOException {
        byte[] body = envelope.body();
        if (envelope.headers().get(Envelope.CONTENT_TYPE).equals(Codec.JSON)) {
            return MAPPER.readTree(body);
        }
        int length = Math.toIntExact(
                ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN).getLong());
        return MAPPER.readTree(new String(body, Long.BYTES, length, StandardCharsets.UTF_8));
    }

    /** The schema of headers, with what it refers to put in its place. */
    private static Schema headers(String kind) {
        return SCHEMAS.computeIfAbsent("headers of " + kind, k -> {
            JsonNode document = AsyncApi.document();
            ObjectNode schema = document.at("/components/messages/%s/headers".formatted(kind))
                    .deepCopy();
            JsonNode ref = schema.get("allOf").get(0).get("$ref");
            schema.withArray("allOf").set(0, document.at(ref.asText().substring(1)));
            return REGISTRY.getSchema(schema);
        });
    }
}
