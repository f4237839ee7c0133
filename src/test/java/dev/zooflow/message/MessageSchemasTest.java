package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import dev.zooflow.experiment.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas take every message that is written, and nothing that the reader does not take. */
class MessageSchemasTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    static Stream<Message> samples() {
        return MessageSamples.all().stream();
    }

    static Stream<Message> json() {
        return samples().filter(message -> !WeightsPayload.covers(message.getClass()));
    }

    private static List<Error> errors(Message message, JsonNode payload) {
        return SchemaCheck.errors(MessageTypes.schemaOf(message.getClass()), payload);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aMessageOfEachTypeIsValid(Message message) throws Exception {
        assertThat(SchemaCheck.errors(MessageSamples.encode(message))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFieldIsDescribedByTheSchema(Message message) throws Exception {
        JsonNode schema = AsyncApi.schema(SchemaCheck.kind(MessageTypes.schemaOf(message.getClass())))
                .orElseThrow();
        assertThat(undescribed(SchemaCheck.payload(MessageSamples.encode(message)), schema))
                .isEmpty();
        assertThat(schema.get("$schema").asText()).isEqualTo("https://json-schema.org/draft/2020-12/schema");
    }

    /** Fields of an object, at any depth, of which its schema does not know. */
    private static Set<String> undescribed(JsonNode value, JsonNode schema) {
        Set<String> unknown = new HashSet<>();
        value.properties().forEach(field -> {
            JsonNode described = schema.path("properties").has(field.getKey())
                    ? schema.get("properties").get(field.getKey())
                    : schema.path("additionalProperties");
            if (described.isMissingNode()) {
                unknown.add(field.getKey());
            }
            unknown.addAll(undescribed(field.getValue(), described));
        });
        return unknown;
    }

    @ParameterizedTest
    @MethodSource("json")
    void whatIsRequiredIsWhatTheReaderMissesAndNothingElse(Message message) throws Exception {
        JsonNode payload = SchemaCheck.payload(MessageSamples.encode(message));
        for (String field : (Iterable<String>) payload::fieldNames) {
            ObjectNode without = ((ObjectNode) payload.deepCopy()).without(field);
            assertThat(errors(message, without).isEmpty()).as(field).isEqualTo(isRead(message, without));
        }
    }

    @ParameterizedTest
    @MethodSource("json")
    void aFieldOfAnotherTypeIsInvalidWhereTheReaderRefusesIt(Message message) throws Exception {
        JsonNode payload = SchemaCheck.payload(MessageSamples.encode(message));
        for (String field : (Iterable<String>) payload::fieldNames) {
            for (JsonNode wrong :
                    List.of(MAPPER.readTree("true"), MAPPER.readTree("\"!\""), MAPPER.readTree("[[{}]]"))) {
                ObjectNode changed = ((ObjectNode) payload.deepCopy()).set(field, wrong);
                assertThat(errors(message, changed).isEmpty())
                        .as("%s = %s", field, wrong)
                        .isEqualTo(isRead(message, changed));
            }
        }
    }

    private static boolean isRead(Message message, JsonNode payload) {
        try {
            MessageJson.read(payload.toString().getBytes(StandardCharsets.UTF_8), message.getClass());
            return true;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    @Test
    void whatIsNotANumberIsNull() throws Exception {
        Message diverged = MessageSamples.metric(Double.NaN);
        assertThat(SchemaCheck.errors(MessageSamples.encode(diverged))).isEmpty();
        assertThat(SchemaCheck.payload(MessageSamples.encode(diverged))
                        .at("/values/loss")
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0-a_b.c", "-a", "A", "", "a/b", "ä"})
    void namesOfRunsAreTheOnesThatAreTaken(String name) {
        ObjectNode offered = MAPPER.createObjectNode().put("run", name);
        assertThat(SchemaCheck.errors(MessageTypes.schemaOf(RunEvent.RunOffered.class), offered)
                        .isEmpty())
                .isEqualTo(RunId.isValid(name));
    }

    @Test
    void safetensorsWithoutAScalarAreInvalid() throws Exception {
        Message trajectory = MessageSamples.trajectory(7, 2);
        ObjectNode header = (ObjectNode) SchemaCheck.payload(MessageSamples.encode(trajectory));
        ((ObjectNode) header.get("__metadata__")).remove("held_out");
        assertThat(errors(trajectory, header)).isNotEmpty();
        assertThat(errors(trajectory, header.without("steps"))).hasSizeGreaterThan(1);
    }

    @Test
    void everyLineOfAStoredLogIsValid() throws IOException {
        try (InputStream in = MessageSchemasTest.class.getResourceAsStream("/logs/v1/run.jsonl")) {
            List<JsonNode> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(MessageSchemasTest::parse)
                    .toList();
            assertThat(lines).hasSizeGreaterThan(50).allSatisfy(line -> {
                Class<? extends Message> type =
                        MessageTypes.classOf(line.get("type").asText());
                assertThat(SchemaCheck.errors(MessageTypes.schemaOf(type), line.get("data")))
                        .isEmpty();
            });
        }
    }

    private static JsonNode parse(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (IOException e) {
            throw new IllegalStateException(line, e);
        }
    }

    @Test
    void headersAreThoseOfTheEnvelope() throws Exception {
        Envelope envelope = MessageSamples.encode(MessageSamples.checkpoint());
        assertThat(SchemaCheck.errors(envelope)).isEmpty();
        Map<String, String> headers = new java.util.HashMap<>(envelope.headers());
        headers.put(Envelope.TYPE, "dev.zooflow.score.v1");
        assertThat(SchemaCheck.errors(new Envelope(envelope.key(), headers, envelope.body())))
                .isNotEmpty();
        assertThat(Arrays.stream(Topic.values()).map(Topic::thing)).doesNotHaveDuplicates();
    }
}
