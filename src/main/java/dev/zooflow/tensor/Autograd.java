package dev.zooflow.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * Reverse-mode differentiation on the calling thread.
 *
 * <p>DJL's gradient collector allows one recording per process; libtorch itself keeps the switch per thread. Roles that
 * run at the same time in one process each record on their own thread, so this class talks to libtorch's switch.
 */
public final class Autograd {

    private Autograd() {}

    /** Runs a computation whose operations on arrays that require a gradient are recorded. */
    public static <T> T record(Supplier<T> computation) {
        Torch.engine();
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return computation.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /** Runs a computation that is not recorded, whatever its arrays require. */
    public static <T> T pause(Supplier<T> computation) {
        Torch.engine();
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            return computation.get();
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    /**
     * Adds the gradient of a recorded scalar to the gradient of every array that requires one. The record is used up.
     *
     * @param scalar one element
     */
    public static void backward(NDArray scalar) {
        try (NDArray one = scalar.onesLike()) {
            JniUtils.backward((PtNDArray) scalar, (PtNDArray) one, false, false);
        }
    }

    /**
     * A vector-Jacobian product, cotangentᵀ (∂output/∂input), of a recorded computation. The record stays, for further ones.
     *
     * @param output recorded
     * @param cotangent of the output's shape
     * @param input an array that requires a gradient and has none yet
     * @return of the input's shape
     */
    public static NDArray pullback(NDArray output, NDArray cotangent, NDArray input) {
        JniUtils.backward((PtNDArray) output, (PtNDArray) cotangent, true, false);
        try (NDArray gradient = input.getGradient()) {
            NDArray product = gradient.duplicate();
            clear(input);
            return product;
        }
    }

    /**
     * x · factor, to be used wherever a computation may be recorded.
     *
     * <p>DJL's own product with a number wraps the number in a Java buffer that it lets go at once, while libtorch still
     * remembers it for the backward pass: now and then the collector takes the buffer in between, and the gradient is lost.
     */
    public static NDArray scale(NDArray x, double factor) {
        try (NDArray buffer = x.getManager().create(factor);
                NDArray scalar = buffer.toType(x.getDataType(), true)) {
            return x.mul(scalar);
        }
    }

    /** Sets the gradient of an array that requires one to zero. */
    public static void clear(NDArray parameter) {
        JniUtils.zeroGrad((PtNDArray) parameter);
    }
}
