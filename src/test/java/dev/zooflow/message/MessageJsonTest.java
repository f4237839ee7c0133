package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.zooflow.experiment.RunId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageJsonTest {

    private static final String GOOD =
            "{\"run\":\"r\",\"task\":\"t\",\"role\":\"zoo-producer\",\"attempt\":1,\"worker\":\"w\",\"seconds\":2.5}";

    private static TaskEvent.TaskCompleted read(String json) throws MalformedMessageException {
        return MessageJson.read(json.getBytes(StandardCharsets.UTF_8), TaskEvent.TaskCompleted.class);
    }

    @Test
    void unknownFieldsAreIgnored() throws Exception {
        assertThat(read(GOOD.replace("\"run\"", "\"later\":{\"x\":[1,{}]},\"run\"")))
                .isEqualTo(read(GOOD));
        assertThat(read(GOOD).role()).isEqualTo(Role.ZOO_PRODUCER);
    }

    @Test
    void fieldsThatCameLaterHaveTheirFirstValue() throws Exception {
        assertThat(MessageJson.read(
                        "{\"run\":\"r\",\"failed\":[],\"seconds\":1}".getBytes(StandardCharsets.UTF_8),
                        RunEvent.RunCompleted.class))
                .isEqualTo(new RunEvent.RunCompleted(new RunId("r"), 1, List.of(), 1));
        assertThat(MessageJson.read(
                        "{\"run\":\"r\",\"task\":\"t\",\"role\":\"trainer\"}".getBytes(StandardCharsets.UTF_8),
                        TaskEvent.TaskQueued.class))
                .isEqualTo(new TaskEvent.TaskQueued(new RunId("r"), "t", Role.TRAINER, 0));
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("empty", "", "No content"),
                arguments("null", "null", "null"),
                arguments("no object", "[]", "TaskCompleted"),
                arguments("cut off", GOOD.substring(0, 40), "end-of-input"),
                arguments("goes on", GOOD + "{}", "Trailing token"),
                arguments("duplicate field", GOOD.replace("\"task\":", "\"run\":\"s\",\"task\":"), "Duplicate field"),
                arguments("field missing", GOOD.replace("\"attempt\":1,", ""), "attempt"),
                arguments("text null", GOOD.replace("\"t\"", "null"), "null where a text"),
                arguments("text a number", GOOD.replace("\"t\"", "1"), "where a text"),
                arguments("integer a text", GOOD.replace(":1,", ":\"1\","), "coerce"),
                arguments("integer a fraction", GOOD.replace(":1,", ":1.5,"), "coerce"),
                arguments("integer out of range", GOOD.replace(":1,", ":2147483648,"), "out of range"),
                arguments("integer null", GOOD.replace(":1,", ":null,"), "null"),
                arguments("number a text", GOOD.replace("2.5", "\"2.5\""), "where a number"),
                arguments("number out of range", GOOD.replace("2.5", "1e999"), "out of range"),
                arguments("number NaN", GOOD.replace("2.5", "NaN"), "NaN"),
                arguments("number of many digits", GOOD.replace("2.5", "1".repeat(100)), "length"),
                arguments("unknown role", GOOD.replace("zoo-producer", "king"), "king"),
                arguments("role by Java name", GOOD.replace("zoo-producer", "ZOO_PRODUCER"), "ZOO_PRODUCER"),
                arguments("role by number", GOOD.replace("\"zoo-producer\"", "0"), "Role"),
                arguments("run that climbs", GOOD.replace("\"r\"", "\"../x\""), "../x"),
                arguments("deep in an unknown field", GOOD.replace("\"run\"", "\"x\":" + "[".repeat(100)), "depth"),
                arguments("long text", GOOD.replace("\"t\"", "\"" + "x".repeat(9 << 20) + "\""), "length"),
                arguments("long document", GOOD + " ".repeat(65 << 20), "longer than"),
                arguments("comment", "/**/" + GOOD, "maybe a"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedWithAReason(String name, String json, String reason) {
        assertThatThrownBy(() -> read(json))
                .as(name)
                .isExactlyInstanceOf(MalformedMessageException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void nullsInsideContainersAreMalformedWhereATextIsExpected() {
        assertThatThrownBy(() -> MessageJson.read(
                        "{\"run\":\"r\",\"failed\":[\"a\",null],\"seconds\":1}".getBytes(StandardCharsets.UTF_8),
                        RunEvent.RunCompleted.class))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("null where a text");
        assertThatThrownBy(() -> MessageJson.read(
                        "{\"run\":\"r\",\"experiment\":\"e\",\"provenance\":{\"a\":null}}"
                                .getBytes(StandardCharsets.UTF_8),
                        RunEvent.RunSubmitted.class))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageContaining("null where a text");
    }
}
