package dev.zooflow.message;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.zooflow.experiment.RunId;
import java.io.IOException;
import java.util.stream.DoubleStream;

/**
 * Values inside JSON messages. A number that is NaN or infinite, which JSON can't write, is written as null and read as
 * NaN: a diverged loss is news, not a malformed message. Texts are texts only, never numbers or null.
 */
final class JsonValues extends SimpleModule {

    JsonValues() {
        addSerializer(double.class, new DoubleWriter());
        addSerializer(Double.class, new DoubleWriter());
        addSerializer(double[].class, new DoublesWriter());
        addSerializer(RunId.class, ToStringSerializer.instance);
        addDeserializer(double.class, new DoubleReader());
        addDeserializer(Double.class, new DoubleReader());
        addDeserializer(double[].class, new DoublesReader());
        addDeserializer(String.class, new TextReader());
        addDeserializer(RunId.class, new RunReader());
    }

    private static void write(double value, JsonGenerator json) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    private static double number(JsonParser json, DeserializationContext context) throws IOException {
        if (!json.currentToken().isNumeric()) {
            return context.reportInputMismatch(double.class, "%s where a number is expected", json.currentToken());
        }
        double value = json.getDoubleValue();
        if (!Double.isFinite(value)) {
            return context.reportInputMismatch(double.class, "number is out of range");
        }
        return value;
    }

    private static String text(JsonParser json, DeserializationContext context) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            return context.reportInputMismatch(String.class, "%s where a text is expected", json.currentToken());
        }
        return json.getText();
    }

    private static final class DoubleWriter extends StdSerializer<Double> {
        DoubleWriter() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            write(value, json);
        }
    }

    private static final class DoublesWriter extends StdSerializer<double[]> {
        DoublesWriter() {
            super(double[].class);
        }

        @Override
        public void serialize(double[] values, JsonGenerator json, SerializerProvider provider) throws IOException {
            json.writeStartArray(values, values.length);
            for (double value : values) {
                write(value, json);
            }
            json.writeEndArray();
        }
    }

    private static final class DoubleReader extends StdScalarDeserializer<Double> {
        DoubleReader() {
            super(Double.class);
        }

        @Override
        public Double deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return number(json, context);
        }

        @Override
        public Double getNullValue(DeserializationContext context) {
            return Double.NaN;
        }
    }

    private static final class DoublesReader extends StdScalarDeserializer<double[]> {
        DoublesReader() {
            super(double[].class);
        }

        @Override
        public double[] deserialize(JsonParser json, DeserializationContext context) throws IOException {
            if (!json.isExpectedStartArrayToken()) {
                return context.reportInputMismatch(
                        double[].class, "%s where an array is expected", json.currentToken());
            }
            DoubleStream.Builder values = DoubleStream.builder();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                values.add(json.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : number(json, context));
            }
            return values.build().toArray();
        }
    }

    private static final class TextReader extends StdScalarDeserializer<String> {
        TextReader() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser json, DeserializationContext context) throws IOException {
            return text(json, context);
        }

        @Override
        public String getNullValue(DeserializationContext context) throws JsonMappingException {
            return context.reportInputMismatch(String.class, "null where a text is expected");
        }
    }

    private static final class RunReader extends StdScalarDeserializer<RunId> {
        RunReader() {
            super(RunId.class);
        }

        @Override
        public RunId deserialize(JsonParser json, DeserializationContext context) throws IOException {
            String name = text(json, context);
            try {
                return new RunId(name);
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(RunId.class, e.getMessage());
            }
        }
    }
}
