package dev.zooflow.message;

import java.nio.ByteBuffer;

/** Element types of the safetensors format that are read here, each with its size. */
public enum Dtype {
    /** IEEE 754 double. */
    F64(8, true),
    /** IEEE 754 single. */
    F32(4, true),
    /** IEEE 754 half. */
    F16(2, true),
    /** The upper half of an {@link #F32}. */
    BF16(2, true),
    I64(8, false),
    I32(4, false),
    I16(2, false),
    I8(1, false),
    U8(1, false),
    /** One byte, 0 or 1. */
    BOOL(1, false);

    private final int bytes;
    private final boolean real;

    Dtype(int bytes, boolean real) {
        this.bytes = bytes;
        this.real = real;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are real numbers; otherwise they are integers. */
    public boolean isReal() {
        return real;
    }

    /** The element at a byte position as a real number; integers are converted. */
    double real(ByteBuffer data, int at) {
        return switch (this) {
            case F64 -> data.getDouble(at);
            case F32 -> data.getFloat(at);
            case F16 -> half(data.getShort(at));
            case BF16 -> Float.intBitsToFloat(data.getShort(at) << 16);
            default -> integer(data, at);
        };
    }

    /** The element at a byte position; integer types only. */
    long integer(ByteBuffer data, int at) {
        return switch (this) {
            case I64 -> data.getLong(at);
            case I32 -> data.getInt(at);
            case I16 -> data.getShort(at);
            case U8 -> Byte.toUnsignedInt(data.get(at));
            case I8, BOOL -> data.get(at);
            default -> throw new IllegalStateException("dtype (" + this + ") holds no integers. Maybe read reals?");
        };
    }

    // Sign, 5 bits of exponent (bias 15), 10 bits of fraction; exponent 0 is subnormal, 31 is infinite or NaN.
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1F;
        int fraction = bits & 0x3FF;
        float magnitude = switch (exponent) {
            case 0 -> Math.scalb((float) fraction, -24);
            case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb((float) (fraction | 0x400), exponent - 25);
        };
        return bits < 0 ? -magnitude : magnitude;
    }
}
