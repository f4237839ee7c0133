package dev.zooflow.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a safetensors file: tensors by descending element size, the header padded so that the data is aligned. */
final class SafeTensorsWriter {

    private static final int ALIGNMENT = 8;
    private static final JsonFactory JSON = new JsonFactory();

    private SafeTensorsWriter() {}

    static byte[] encode(SafeTensors file) {
        Map<String, Long> begins = new LinkedHashMap<>();
        long size = 0;
        List<Map.Entry<String, SafeTensors.Tensor>> ordered =
                new ArrayList<>(file.tensors().entrySet());
        ordered.sort(Comparator.comparing(e -> -e.getValue().dtype().bytes()));
        for (Map.Entry<String, SafeTensors.Tensor> e : ordered) {
            begins.put(e.getKey(), size);
            size += e.getValue().bytes().limit();
        }
        byte[] header = header(file, begins);
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(8 + header.length + size))
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        ordered.forEach(e -> out.put(e.getValue().bytes()));
        return out.array();
    }

    private static byte[] header(SafeTensors file, Map<String, Long> begins) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            if (!file.metadata().isEmpty()) {
                json.writeObjectFieldStart(SafeTensorsReader.METADATA);
                for (Map.Entry<String, String> e : file.metadata().entrySet()) {
                    json.writeStringField(e.getKey(), e.getValue());
                }
                json.writeEndObject();
            }
            for (Map.Entry<String, SafeTensors.Tensor> e : file.tensors().entrySet()) {
                write(json, e.getKey(), e.getValue(), begins.getOrDefault(e.getKey(), 0L));
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (out.size() % ALIGNMENT != 0) {
            out.write(' ');
        }
        if (out.size() > SafeTensorsReader.MAX_LENGTH) {
            throw new IllegalArgumentException("header would have %,d bytes, more than %,d. Maybe write several files?"
                    .formatted(out.size(), SafeTensorsReader.MAX_LENGTH));
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, String name, SafeTensors.Tensor tensor, long begin)
            throws IOException {
        json.writeObjectFieldStart(name);
        json.writeStringField("dtype", tensor.dtype().name());
        json.writeFieldName("shape");
        json.writeArray(tensor.shape(), 0, tensor.shape().length);
        json.writeFieldName("data_offsets");
        json.writeArray(new long[] {begin, begin + tensor.bytes().limit()}, 0, 2);
        json.writeEndObject();
    }
}
