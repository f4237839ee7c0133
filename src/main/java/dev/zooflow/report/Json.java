package dev.zooflow.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;

/** JSON as reports write it: numbers that are not finite become null, floating-point noise is rounded away. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final MathContext CURVE_DIGITS = new MathContext(5);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Adds the value, null where it is not finite; whole numbers are written without a fraction. */
    static void put(ObjectNode node, String key, double value) {
        if (!Double.isFinite(value)) {
            node.putNull(key);
        } else {
            node.put(key, value);
        }
    }

    /** An array of numbers with the digits a curve needs. */
    static ArrayNode curve(double... values) {
        ArrayNode out = array();
        for (double value : values) {
            add(out, value);
        }
        return out;
    }

    /** Adds a number with the digits a curve needs; null where it is not finite. */
    static void add(ArrayNode array, double value) {
        if (Double.isFinite(value)) {
            array.add(new BigDecimal(value, CURVE_DIGITS).doubleValue());
        } else {
            array.addNull();
        }
    }

    /** Indented, ending with a line break. */
    static byte[] pretty(JsonNode node) {
        return (node.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** One line. */
    static String line(JsonNode node) {
        try {
            return MAPPER.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON nodes can always be written", e);
        }
    }

    static JsonNode parse(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON, though written by this program", e);
        }
    }
}
