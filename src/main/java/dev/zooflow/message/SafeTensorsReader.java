package dev.zooflow.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a safetensors file: every check of the header comes before anything is made of the data. */
final class SafeTensorsReader {

    static final String METADATA = "__metadata__";
    static final int MAX_LENGTH = 100_000_000;
    // NumPy stops at 64 as well; without a bound a header could ask for millions of extents of 1.
    private static final int MAX_RANK = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from strangers: no symbol table that hash collisions could break, no interning.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNumberLength(20)
                    .maxNameLength(65_536)
                    .maxStringLength(MAX_LENGTH)
                    .build())
            .build();

    /** One tensor as the header describes it; offsets count from the beginning of the data. */
    private record Entry(String name, Dtype dtype, long[] shape, long begin, long end) {}

    private SafeTensorsReader() {}

    static SafeTensors decode(ByteBuffer file, int maxHeader) {
        int length = headerLength(file, maxHeader);
        Map<String, String> metadata = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        parse(text(file.slice(8, length)), metadata, entries);
        ByteBuffer data = file.slice(8 + length, file.limit() - 8 - length);
        checkOffsets(entries, data.limit());
        Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
        for (Entry e : entries) {
            ByteBuffer slice =
                    data.slice((int) e.begin, (int) (e.end - e.begin)).order(ByteOrder.LITTLE_ENDIAN);
            tensors.put(e.name, new SafeTensors.Tensor(e.dtype, e.shape, slice));
        }
        return new SafeTensors(tensors, metadata);
    }

    private static void parse(CharBuffer text, Map<String, String> metadata, List<Entry> entries) {
        try (JsonParser json = JSON.createParser(text.array(), 0, text.limit())) {
            expect(json, json.nextToken(), JsonToken.START_OBJECT, "header");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                if (name.equals(METADATA)) {
                    metadata(json, metadata);
                } else {
                    entries.add(entry(json, name));
                }
            }
            if (json.nextToken() != null) {
                throw new SafeTensorsException("header goes on after its closing brace");
            }
        } catch (JsonProcessingException e) {
            throw new SafeTensorsException("header is no valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new SafeTensorsException("header can't be read: " + e.getMessage(), e);
        }
    }

    private static int headerLength(ByteBuffer file, int max) {
        if (file.limit() < 8) {
            throw new SafeTensorsException("file of %d bytes is too short for a header length".formatted(file.limit()));
        }
        long length = file.getLong(0);
        if (length < 0 || length > max) {
            throw new SafeTensorsException(
                    "header length (%s) is more than %,d bytes".formatted(Long.toUnsignedString(length), max));
        }
        if (length > file.limit() - 8) {
            throw new SafeTensorsException(
                    "header length (%d) is more than the %d bytes that follow".formatted(length, file.limit() - 8));
        }
        if (length == 0 || file.get(8) != '{') {
            throw new SafeTensorsException("header does not begin with '{'");
        }
        return (int) length;
    }

    // Decoded strictly here, because a JSON parser that is given bytes guesses the encoding.
    private static CharBuffer text(ByteBuffer header) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(header);
        } catch (CharacterCodingException e) {
            throw new SafeTensorsException("header is not UTF-8", e);
        }
    }

    private static void metadata(JsonParser json, Map<String, String> into) throws IOException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            expect(json, json.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + key);
            into.put(key, json.getText());
        }
    }

    private static Entry entry(JsonParser json, String name) throws IOException {
        expect(json, json.nextToken(), JsonToken.START_OBJECT, name);
        @Nullable Dtype dtype = null;
        long @Nullable [] shape = null;
        long @Nullable [] offsets = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "dtype" -> dtype = dtype(json, name);
                case "shape" -> shape = naturals(json, name + ".shape", MAX_RANK);
                case "data_offsets" -> offsets = naturals(json, name + ".data_offsets", 2);
                default -> json.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
            throw new SafeTensorsException("tensor (%s) lacks dtype, shape or two data_offsets".formatted(name));
        }
        checkSize(name, dtype, shape, offsets);
        return new Entry(name, dtype, shape, offsets[0], offsets[1]);
    }

    private static Dtype dtype(JsonParser json, String name) throws IOException {
        expect(json, json.currentToken(), JsonToken.VALUE_STRING, name + ".dtype");
        String value = json.getText();
        return Arrays.stream(Dtype.values())
                .filter(d -> d.name().equals(value))
                .findFirst()
                .orElseThrow(() -> new SafeTensorsException("dtype (%s) of %s is not supported. Maybe one of %s?"
                        .formatted(value, name, Arrays.toString(Dtype.values()))));
    }

    private static long[] naturals(JsonParser json, String what, int max) throws IOException {
        expect(json, json.currentToken(), JsonToken.START_ARRAY, what);
        long[] values = new long[max];
        int n = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(json, json.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            if (n == max) {
                throw new SafeTensorsException("%s has more than %d numbers".formatted(what, max));
            }
            values[n] = json.getLongValue();
            if (values[n++] < 0) {
                throw new SafeTensorsException("%s holds a negative number (%d)".formatted(what, values[n - 1]));
            }
        }
        return Arrays.copyOf(values, n);
    }

    private static void checkSize(String name, Dtype dtype, long[] shape, long[] offsets) {
        long bytes;
        try {
            bytes = Arrays.stream(shape).reduce(dtype.bytes(), Math::multiplyExact);
        } catch (ArithmeticException e) {
            throw new SafeTensorsException("shape (%s) of %s is too large".formatted(Arrays.toString(shape), name), e);
        }
        // end >= begin is checked first: the difference of two naturals can't overflow then.
        if (offsets[1] < offsets[0] || offsets[1] - offsets[0] != bytes) {
            throw new SafeTensorsException("data_offsets (%s) of %s don't span the %d bytes of %s%s"
                    .formatted(Arrays.toString(offsets), name, bytes, dtype, Arrays.toString(shape)));
        }
    }

    private static void checkOffsets(List<Entry> entries, int dataLength) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
        long at = 0;
        for (Entry e : sorted) {
            if (e.begin != at) {
                throw new SafeTensorsException("tensor (%s) begins at %d where %d was expected: a %s"
                        .formatted(e.name, e.begin, at, e.begin > at ? "hole" : "overlap"));
            }
            at = e.end;
        }
        if (at != dataLength) {
            throw new SafeTensorsException("tensors end at %d but the data has %d bytes".formatted(at, dataLength));
        }
    }

    private static void expect(JsonParser json, @Nullable JsonToken found, JsonToken wanted, String where)
            throws IOException {
        if (found != wanted) {
            throw new SafeTensorsException("%s: %s where %s is expected (column %d)"
                    .formatted(where, found, wanted, json.currentLocation().getColumnNr()));
        }
    }
}
