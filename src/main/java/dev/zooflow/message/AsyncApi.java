package dev.zooflow.message;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The AsyncAPI 3.0 document of all topics and messages, which holds a JSON Schema (draft 2020-12) of each type of message. It is
 * made from the code, and a test holds it against the code.
 */
public final class AsyncApi {

    private static final String RESOURCE = "asyncapi.json";

    private AsyncApi() {}

    /** The document. */
    public static JsonNode document() {
        try (InputStream in = AsyncApi.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("resource %s is not on the class path".formatted(RESOURCE));
            }
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("resource %s can't be read".formatted(RESOURCE), e);
        }
    }

    /**
     * The schema of a type of message.
     *
     * @param kind as in {@link MessageTypes#all}; empty when there is none of this name
     */
    public static Optional<JsonNode> schema(String kind) {
        JsonNode schema =
                document().path("components").path("schemas").path(kind).path("schema");
        return schema.isMissingNode() ? Optional.empty() : Optional.of(schema);
    }
}
