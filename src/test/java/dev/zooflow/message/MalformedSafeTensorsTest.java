package dev.zooflow.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.zooflow.tensor.Seed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedSafeTensorsTest {

    private static byte[] file(byte[] header, int dataLength) {
        return ByteBuffer.allocate(8 + header.length + dataLength)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header)
                .array();
    }

    private static byte[] file(String header, int dataLength) {
        return file(header.getBytes(StandardCharsets.UTF_8), dataLength);
    }

    private static byte[] length(long length) {
        return ByteBuffer.allocate(64)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put((byte) '{')
                .array();
    }

    private static String tensor(String dtype, String shape, String offsets) {
        return "{\"a\":{\"dtype\":%s,\"shape\":%s,\"data_offsets\":%s}}".formatted(dtype, shape, offsets);
    }

    private static String two(String first, String second) {
        return "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":%s},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":%s}}"
                .formatted(first, second);
    }

    static Stream<Arguments> malformed() {
        byte[] notUtf8 =
                "{\"_\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}".getBytes(StandardCharsets.UTF_8);
        notUtf8[2] = (byte) 0xC0;
        String good = tensor("\"F32\"", "[1]", "[0,4]");
        return Stream.of(
                arguments("no bytes", new byte[0], "too short"),
                arguments("seven bytes", new byte[7], "too short"),
                arguments("no header", length(0), "does not begin with '{'"),
                arguments("header longer than the file", length(57), "more than the 56 bytes"),
                arguments("header of more than 100 MB", length(100_000_001), "more than 100,000,000"),
                arguments("header length beyond 2^63", length(-1), "18446744073709551615"),
                arguments("header length beyond 2^31", length(1L << 32 | 8), "more than 100,000,000"),
                arguments("array instead of object", file("[]", 0), "does not begin with '{'"),
                arguments("space before the object", file(" {}", 0), "does not begin with '{'"),
                arguments("byte-order mark", file("\uFEFF{}", 0), "does not begin with '{'"),
                arguments("header not closed", file("{\"a\":", 0), "no valid JSON"),
                arguments("header that goes on", file("{}{}", 0), "goes on"),
                arguments("header with a trailing comma", file("{\"a\":1,}", 0), "a: VALUE_NUMBER_INT"),
                arguments("zero bytes as padding", file("{}\0\0", 0), "no valid JSON"),
                arguments("comment", file("{/**/}", 0), "no valid JSON"),
                arguments("not UTF-8", file(notUtf8, 4), "not UTF-8"),
                arguments("UTF-16", file("{}".getBytes(StandardCharsets.UTF_16LE), 0), "no valid JSON"),
                arguments("duplicate tensor", file("{\"a\":%s,\"a\":%s}".formatted(inner(), inner()), 4), "Duplicate"),
                arguments("duplicate dtype", file(good.replace("\"shape\"", "\"dtype\":\"F32\",\"shape\""), 4), "Dupl"),
                arguments("duplicate metadata", file("{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0), "Duplicate"),
                arguments("metadata no object", file("{\"__metadata__\":\"pt\"}", 0), "__metadata__"),
                arguments("metadata not a string", file("{\"__metadata__\":{\"n\":1}}", 0), "__metadata__.n"),
                arguments("metadata null", file("{\"__metadata__\":{\"n\":null}}", 0), "__metadata__.n"),
                arguments("tensor no object", file("{\"a\":[]}", 0), "a: START_ARRAY"),
                arguments("unknown dtype", file(tensor("\"F31\"", "[1]", "[0,4]"), 4), "F31"),
                arguments("dtype in lower case", file(tensor("\"f32\"", "[1]", "[0,4]"), 4), "f32"),
                arguments("dtype a number", file(tensor("32", "[1]", "[0,4]"), 4), "a.dtype"),
                arguments("no dtype", file("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", 4), "lacks dtype"),
                arguments("no shape", file("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4), "lacks"),
                arguments("no offsets", file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4), "lacks"),
                arguments("one offset", file(tensor("\"F32\"", "[1]", "[0]"), 4), "two data_offsets"),
                arguments("three offsets", file(tensor("\"F32\"", "[1]", "[0,4,8]"), 4), "more than 2"),
                arguments("shape no array", file(tensor("\"F32\"", "1", "[0,4]"), 4), "a.shape"),
                arguments("negative extent", file(tensor("\"F32\"", "[-1]", "[0,4]"), 4), "negative number (-1)"),
                arguments("two negative extents", file(tensor("\"F32\"", "[-1,-1]", "[0,4]"), 4), "negative"),
                arguments("extent a fraction", file(tensor("\"F32\"", "[1.0]", "[0,4]"), 4), "VALUE_NUMBER_FLOAT"),
                arguments("extent a string", file(tensor("\"F32\"", "[\"1\"]", "[0,4]"), 4), "VALUE_STRING"),
                arguments("extent beyond 2^63", file(tensor("\"F32\"", "[9223372036854775808]", "[0,4]"), 4), "range"),
                arguments(
                        "extent of a hundred digits",
                        file(tensor("\"F32\"", "[" + "9".repeat(100) + "]", "[0,4]"), 4),
                        "no valid JSON"),
                arguments(
                        "elements beyond 2^64",
                        file(tensor("\"F32\"", "[4294967296,4294967296]", "[0,0]"), 0),
                        "too large"),
                arguments(
                        "bytes beyond 2^63", file(tensor("\"F64\"", "[2305843009213693952]", "[0,0]"), 0), "too large"),
                arguments("rank 65", file(tensor("\"F32\"", "[1" + ",1".repeat(64) + "]", "[0,4]"), 4), "more than 64"),
                arguments("negative offset", file(tensor("\"F32\"", "[1]", "[-4,0]"), 0), "negative"),
                arguments("end before begin", file(tensor("\"F32\"", "[1]", "[4,0]"), 4), "don't span"),
                arguments("fewer bytes than the shape", file(tensor("\"F32\"", "[2]", "[0,4]"), 4), "don't span the 8"),
                arguments("more bytes than the shape", file(tensor("\"F32\"", "[1]", "[0,8]"), 8), "don't span the 4"),
                arguments("empty shape with bytes", file(tensor("\"F32\"", "[0]", "[0,4]"), 4), "don't span the 0"),
                arguments("rank 0 without bytes", file(tensor("\"F32\"", "[]", "[0,0]"), 0), "don't span the 4"),
                arguments("hole", file(two("[0,8]", "[12,16]"), 16), "hole"),
                arguments("hole at the beginning", file(tensor("\"F32\"", "[1]", "[4,8]"), 8), "hole"),
                arguments("overlap", file(two("[0,8]", "[4,8]"), 8), "overlap"),
                arguments("same bytes twice", file(two("[0,8]", "[0,4]"), 8), "overlap"),
                arguments("data cut off", file(good, 3), "end at 4 but the data has 3"),
                arguments("data goes on", file(good, 5), "end at 4 but the data has 5"),
                arguments("data without a tensor", file("{}", 1), "end at 0"),
                arguments(
                        "terabytes promised",
                        file(tensor("\"U8\"", "[1099511627776]", "[0,1099511627776]"), 8),
                        "end at"),
                arguments("deep nesting", file("{\"a\":{\"x\":" + "[".repeat(100_000), 0), "no valid JSON"));
    }

    private static String inner() {
        return "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedWithAReason(String name, byte[] file, String reason) {
        assertThatThrownBy(() -> SafeTensors.decode(file))
                .as(name)
                .isExactlyInstanceOf(SafeTensorsException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void whatTheFormatAllowsIsRead() {
        String header = "{\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":[{}]},"
                + "\"a\":{\"data_offsets\":[0,0],\"shape\":[0,1099511627776],\"dtype\":\"F64\"},\"__metadata__\":{}}   ";

        SafeTensors read = SafeTensors.decode(file(header, 4));

        assertThat(read.tensor("b").floats()).containsExactly(0);
        assertThat(read.tensor("a").shape()).containsExactly(0, 1L << 40);
        assertThat(read.tensor("a").size()).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void mutationsAreReadOrRefusedButNeverAnythingElse(long seed) {
        byte[] good = SafeTensorsTest.sample().encode();
        RandomGenerator random = new Seed(seed).generator();
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] mutant = mutate(good, random);
            try {
                SafeTensors.decode(mutant).tensors().values().forEach(t -> t.doubles());
            } catch (SafeTensorsException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutant %d: %s".formatted(i, Arrays.toString(mutant)), e);
            }
        }
        assertThat(refused).isBetween(5_000, 19_999);
        assertThatCode(() -> SafeTensors.decode(good)).doesNotThrowAnyException();
    }

    private static byte[] mutate(byte[] good, RandomGenerator random) {
        byte[] mutant = good.clone();
        for (int n = random.nextInt(1, 4); n > 0; n--) {
            // Two thirds of the changes fall into the length and the header, where they can do harm.
            int bound = random.nextInt(3) > 0 ? Math.min(mutant.length, 400) : mutant.length;
            int at = random.nextInt(bound);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> mutant = Arrays.copyOf(mutant, Math.max(1, at));
                case 3 -> mutant[at] = (byte) "0123456789[]{}\",:-e".charAt(random.nextInt(19));
                default -> mutant = repeat(mutant, at, random.nextInt(1, 20));
            }
        }
        return mutant;
    }

    private static byte[] repeat(byte[] bytes, int at, int count) {
        int end = Math.min(bytes.length, at + count);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, end);
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }
}
