package dev.zooflow.exchange;

import dev.zooflow.message.Dtype;
import dev.zooflow.message.SafeTensors.Tensor;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One array in NumPy's format, as {@code numpy.save} writes it (numpy.lib.format, versions 1.0, 2.0 and 3.0): magic bytes,
 * version, length of the header, the header as a Python dictionary, then the elements. Read are little-endian real numbers
 * in C order; nothing is allocated on the word of the header alone.
 */
final class Npy {

    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    // NumPy itself refuses longer headers by default.
    private static final int LONGEST_HEADER = 10_000;
    private static final int ALIGNMENT = 64;
    private static final Pattern HEADER =
            Pattern.compile("\\{ *'descr' *: *(.+?), *'fortran_order' *: *(True|False), *'shape' *: *"
                    + "\\(((?: *[0-9]+ *,)*(?: *[0-9]+)?) *\\) *,? *} *\n?");

    private Npy() {}

    /**
     * Reads an array to the end of the stream.
     *
     * @throws IllegalArgumentException when that is no such array
     */
    static Tensor read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        try {
            Matcher header = header(in);
            Dtype dtype = dtype(header.group(1));
            if (header.group(2).equals("True")) {
                throw new IllegalArgumentException(
                        "array is in Fortran order. Maybe save numpy.ascontiguousarray of it?");
            }
            long[] shape = shape(header.group(3));
            int bytes = bytes(shape, dtype);
            byte[] elements = in.readNBytes(bytes);
            if (elements.length < bytes || in.read() >= 0) {
                throw new IllegalArgumentException(
                        "array %s has %s than the %,d bytes its header announces. Maybe the file is damaged?"
                                .formatted(Arrays.toString(shape), elements.length < bytes ? "fewer" : "more", bytes));
            }
            return Tensor.ofBytes(dtype, elements, shape);
        } catch (EOFException e) {
            throw new IllegalArgumentException("array ends within its header. Maybe the file is damaged?", e);
        }
    }

    /** An array of 32-bit numbers in version 1.0 of the format. */
    static byte[] write(Tensor array) {
        String shape = Arrays.stream(array.shape()).mapToObj(Long::toString).collect(Collectors.joining(", "));
        String tuple = array.shape().length == 1 ? shape + "," : shape;
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (%s), }".formatted(tuple);
        int before = MAGIC.length + 4;
        // Elements begin at a multiple of 64 bytes.
        int padding = Math.floorMod(-(before + header.length() + 1), ALIGNMENT);
        String padded = header + " ".repeat(padding) + "\n";
        float[] values = array.floats();
        ByteBuffer out = ByteBuffer.allocate(before + padded.length() + Float.BYTES * values.length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) padded.length());
        out.put(padded.getBytes(StandardCharsets.US_ASCII));
        out.asFloatBuffer().put(values);
        return out.array();
    }

    private static Matcher header(DataInputStream in) throws IOException {
        if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
            throw new IllegalArgumentException("array does not begin as NumPy's do. Maybe it is no .npy?");
        }
        int version = in.readUnsignedByte();
        in.readUnsignedByte();
        if (version < 1 || version > 3) {
            throw new IllegalArgumentException("format version (%d) is none of 1, 2, 3".formatted(version));
        }
        long length = version == 1
                ? Short.toUnsignedLong(Short.reverseBytes(in.readShort()))
                : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
        if (length > LONGEST_HEADER) {
            throw new IllegalArgumentException(
                    "header length (%d) is more than %,d bytes".formatted(length, LONGEST_HEADER));
        }
        byte[] text = new byte[(int) length];
        in.readFully(text);
        Matcher header = HEADER.matcher(new String(text, StandardCharsets.UTF_8));
        if (!header.matches()) {
            throw new IllegalArgumentException("header is not that of an array. Maybe the file is damaged?");
        }
        return header;
    }

    private static Dtype dtype(String descr) {
        return switch (descr) {
            case "'<f2'" -> Dtype.F16;
            case "'<f4'" -> Dtype.F32;
            case "'<f8'" -> Dtype.F64;
            default ->
                throw new IllegalArgumentException(
                        "dtype (%s) is none of '<f2', '<f4', '<f8'. Maybe save array.astype(\"<f4\")?"
                                .formatted(descr));
        };
    }

    private static long[] shape(String text) {
        try {
            return Stream.of(text.split(",", -1))
                    .map(String::strip)
                    .filter(extent -> !extent.isEmpty())
                    .mapToLong(Long::parseLong)
                    .toArray();
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("shape (%s) is too large".formatted(text), e);
        }
    }

    private static int bytes(long[] shape, Dtype dtype) {
        try {
            return Math.toIntExact(Arrays.stream(shape).reduce(dtype.bytes(), Math::multiplyExact));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "shape (%s) has more than 2 GiB. Maybe split it?".formatted(Arrays.toString(shape)), e);
        }
    }
}
