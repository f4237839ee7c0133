package dev.zooflow.tensor;

import ai.djl.Device;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Where arrays live and are computed with: the processors, or a GPU.
 *
 * @param name {@code cpu} or {@code cuda:<number>}
 */
public record ComputeDevice(String name) {

    private static final Pattern ALLOWED = Pattern.compile("cpu|cuda:\\d{1,3}");

    /** The processors of this machine. */
    public static final ComputeDevice CPU = new ComputeDevice("cpu");

    private static final ThreadLocal<ComputeDevice> OF_THREAD = ThreadLocal.withInitial(() -> CPU);

    /**
     * Checks the name, not whether the device is there.
     *
     * @throws IllegalArgumentException when it names no device
     */
    public ComputeDevice {
        if (!ALLOWED.matcher(name).matches()) {
            throw new IllegalArgumentException("device (%s) is unknown. Maybe cpu or cuda:0?".formatted(name));
        }
    }

    /** The one on which the calling thread computes. */
    static ComputeDevice current() {
        return OF_THREAD.get();
    }

    /** Runs a computation whose arrays, those that the calling thread makes, live on this device. */
    public <T> T call(Supplier<T> computation) {
        ComputeDevice before = OF_THREAD.get();
        OF_THREAD.set(this);
        try {
            return computation.get();
        } finally {
            OF_THREAD.set(before);
        }
    }

    /** Whether it is a GPU. */
    public boolean isGpu() {
        return !equals(CPU);
    }

    /** Whether this machine has it and libtorch can use it. */
    public boolean isPresent() {
        return !isGpu() || number() < Torch.engine().getGpuCount();
    }

    Device device() {
        return isGpu() ? Device.gpu(number()) : Device.cpu();
    }

    private int number() {
        return Integer.parseInt(name.substring(name.indexOf(':') + 1));
    }

    @Override
    public String toString() {
        return name;
    }
}
