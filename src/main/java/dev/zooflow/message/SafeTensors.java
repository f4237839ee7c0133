package dev.zooflow.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The content of a safetensors file: named tensors in order, and metadata from string to string. Immutable.
 *
 * <p>The format: a little-endian 64-bit header length, the header as UTF-8 JSON (padded with spaces to a multiple of 8),
 * then the elements of all tensors, little-endian, in C order.
 *
 * @param tensors by name
 * @param metadata the header's {@code __metadata__}; empty when there is none
 */
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {

    /** Copies the maps, keeping their order. */
    public SafeTensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        if (tensors.containsKey(SafeTensorsReader.METADATA)) {
            throw new IllegalArgumentException("tensor name (%s) is the format's own. Maybe choose another?"
                    .formatted(SafeTensorsReader.METADATA));
        }
    }

    /**
     * The tensor with this name.
     *
     * @throws SafeTensorsException when there is none
     */
    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new SafeTensorsException(
                    "tensor (%s) is missing. Maybe one of %s?".formatted(name, tensors.keySet()));
        }
        return tensor;
    }

    /** The bytes of the file. Larger elements stand first, so that every tensor is aligned to its element size. */
    public byte[] encode() {
        return SafeTensorsWriter.encode(this);
    }

    /**
     * Reads the bytes of a file. Tensors are views of {@code bytes}, which must not change afterwards.
     *
     * @throws SafeTensorsException when the bytes are not a well-formed file
     */
    public static SafeTensors decode(byte[] bytes) {
        return decode(bytes, SafeTensorsReader.MAX_LENGTH);
    }

    /** The same for files whose header has so many bytes at most. */
    static SafeTensors decode(byte[] bytes, int maxHeader) {
        return SafeTensorsReader.decode(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), maxHeader);
    }

    /** Writes the file atomically: it is there whole or not at all. */
    public void write(Path file) throws IOException {
        AtomicFile.write(file, encode());
    }

    /**
     * Reads a file of at most 2 GiB.
     *
     * @throws SafeTensorsException when it is not well-formed; the message names the file
     */
    public static SafeTensors read(Path file) throws IOException {
        if (Files.size(file) > Integer.MAX_VALUE - 8) {
            throw new SafeTensorsException("file (%s) has more than 2 GiB. Maybe split it?".formatted(file));
        }
        try {
            return decode(Files.readAllBytes(file));
        } catch (SafeTensorsException e) {
            throw new SafeTensorsException("file (%s): %s".formatted(file, e.getMessage()), e);
        }
    }

    /** An n-dimensional array of one element type. Rank 0 is a single element; an extent of 0 makes it empty. Immutable. */
    public static final class Tensor {

        private final Dtype dtype;
        private final long[] shape;
        private final ByteBuffer data;

        /** Takes little-endian elements; the caller has checked that {@code data} holds shape × dtype bytes. */
        Tensor(Dtype dtype, long[] shape, ByteBuffer data) {
            this.dtype = dtype;
            this.shape = shape;
            this.data = data;
        }

        /** An {@link Dtype#F32} tensor. */
        public static Tensor of(float[] values, long... shape) {
            ByteBuffer data = allocate(Dtype.F32, values.length, shape);
            data.asFloatBuffer().put(values);
            return new Tensor(Dtype.F32, shape.clone(), data);
        }

        /** An {@link Dtype#F64} tensor. */
        public static Tensor of(double[] values, long... shape) {
            ByteBuffer data = allocate(Dtype.F64, values.length, shape);
            data.asDoubleBuffer().put(values);
            return new Tensor(Dtype.F64, shape.clone(), data);
        }

        /** An {@link Dtype#I32} tensor. */
        public static Tensor of(int[] values, long... shape) {
            ByteBuffer data = allocate(Dtype.I32, values.length, shape);
            data.asIntBuffer().put(values);
            return new Tensor(Dtype.I32, shape.clone(), data);
        }

        /** An {@link Dtype#I64} tensor. */
        public static Tensor of(long[] values, long... shape) {
            ByteBuffer data = allocate(Dtype.I64, values.length, shape);
            data.asLongBuffer().put(values);
            return new Tensor(Dtype.I64, shape.clone(), data);
        }

        /** A tensor of any type from its little-endian bytes, which are copied. */
        public static Tensor ofBytes(Dtype dtype, byte[] bytes, long... shape) {
            if (bytes.length % dtype.bytes() != 0) {
                throw new IllegalArgumentException(
                        "%d bytes are no whole number of %s elements".formatted(bytes.length, dtype));
            }
            ByteBuffer data = allocate(dtype, bytes.length / dtype.bytes(), shape);
            data.put(0, bytes);
            return new Tensor(dtype, shape.clone(), data);
        }

        private static ByteBuffer allocate(Dtype dtype, int values, long[] shape) {
            long elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            if (elements != values || Arrays.stream(shape).anyMatch(d -> d < 0)) {
                throw new IllegalArgumentException(
                        "shape (%s) does not hold %d values".formatted(Arrays.toString(shape), values));
            }
            return ByteBuffer.allocate(Math.multiplyExact(values, dtype.bytes()))
                    .order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Element type. */
        public Dtype dtype() {
            return dtype;
        }

        /** Extents, outermost first; a copy. */
        public long[] shape() {
            return shape.clone();
        }

        /** Number of elements. */
        public int size() {
            return data.limit() / dtype.bytes();
        }

        /** The elements in C order; F64 and integers are rounded to the nearest float. */
        public float[] floats() {
            float[] out = new float[size()];
            if (dtype == Dtype.F32) {
                bytes().asFloatBuffer().get(out);
            } else {
                for (int i = 0; i < out.length; i++) {
                    out[i] = (float) dtype.real(data, i * dtype.bytes());
                }
            }
            return out;
        }

        /** The elements in C order; I64 is rounded to the nearest double. */
        public double[] doubles() {
            double[] out = new double[size()];
            for (int i = 0; i < out.length; i++) {
                out[i] = dtype.real(data, i * dtype.bytes());
            }
            return out;
        }

        /**
         * The elements in C order.
         *
         * @throws IllegalStateException when the type is not an integer type
         */
        public long[] longs() {
            long[] out = new long[size()];
            for (int i = 0; i < out.length; i++) {
                out[i] = dtype.integer(data, i * dtype.bytes());
            }
            return out;
        }

        /** The little-endian bytes of all elements, read-only. */
        public ByteBuffer bytes() {
            return data.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Equal type, shape and bits. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Tensor t
                    && dtype == t.dtype
                    && Arrays.equals(shape, t.shape)
                    && data.equals(t.data);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * dtype.hashCode() + Arrays.hashCode(shape)) + data.hashCode();
        }

        @Override
        public String toString() {
            return dtype + Arrays.toString(shape);
        }
    }
}
