package dev.zooflow.exchange;

import dev.zooflow.graph.Architecture;
import dev.zooflow.message.SafeTensors.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * One parameter of n networks: a tensor of the parameter's own shape, or with a leading axis of n.
 *
 * @param name of the tensor
 * @param shape of the parameter in one network, as the file has it
 * @param n networks
 * @param hasAxis whether the tensor has the leading axis
 * @param values n times the parameter, each in C order
 */
record TensorStack(String name, long[] shape, int n, boolean hasAxis, float[] values) {

    /**
     * The tensor with this name.
     *
     * @param rank of the parameter in one network
     * @throws IllegalArgumentException when it is missing, of another rank, or holds anything but finite real numbers
     */
    static TensorStack of(Map<String, Tensor> tensors, String name, int rank) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("tensor (%s) is missing. Maybe save zeros for it?".formatted(name));
        }
        if (!tensor.dtype().isReal()) {
            throw new IllegalArgumentException(
                    "tensor (%s) holds %s, no real numbers. Maybe leave it out?".formatted(name, tensor.dtype()));
        }
        long[] shape = tensor.shape();
        boolean hasAxis = shape.length == rank + 1;
        if ((!hasAxis && shape.length != rank) || Arrays.stream(shape).anyMatch(extent -> extent == 0)) {
            throw new IllegalArgumentException("tensor (%s) is %s, not of rank %d, or %d with an axis of networks"
                    .formatted(name, Arrays.toString(shape), rank, rank + 1));
        }
        float[] values = tensor.floats();
        checkFinite(name, values);
        int n = hasAxis ? Math.toIntExact(shape[0]) : 1;
        return new TensorStack(name, hasAxis ? Arrays.copyOfRange(shape, 1, shape.length) : shape, n, hasAxis, values);
    }

    private static void checkFinite(String name, float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException(
                        "tensor (%s) holds %s. Maybe the training diverged?".formatted(name, value));
            }
        }
    }

    /** Refuses any other shape than that of the architecture's parameter. */
    void checkShape(Architecture architecture, long... expected) {
        if (!Arrays.equals(shape, expected)) {
            throw new IllegalArgumentException(
                    "tensor (%s) is %s for one network where %s has %s. Maybe another network.hidden, or another task?"
                            .formatted(name, Arrays.toString(shape), architecture, Arrays.toString(expected)));
        }
    }

    /** Copies network i's values to each of n places, {@code stride} apart. */
    void copyTo(float[] theta, int offset, int stride) {
        int size = values.length / n;
        for (int i = 0; i < n; i++) {
            System.arraycopy(values, i * size, theta, i * stride + offset, size);
        }
    }

    static long size(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact);
    }

    static long[] withAxis(int n, long... shape) {
        long[] out = new long[shape.length + 1];
        out[0] = n;
        System.arraycopy(shape, 0, out, 1, shape.length);
        return out;
    }
}
