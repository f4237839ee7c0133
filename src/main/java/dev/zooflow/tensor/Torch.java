package dev.zooflow.tensor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.util.cuda.CudaUtils;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * libtorch in this process. Every computation of the program gets its root {@link NDManager} here.
 *
 * <p>An operation uses one thread; work is spread over threads by networks instead. Threads inside an operation wait for
 * each other thousands of times a second, and where roles share the processors a step takes a hundred times longer
 * whenever the system has put one of them aside.
 */
public final class Torch {

    private static volatile int threads = Runtime.getRuntime().availableProcessors();

    private Torch() {}

    private static final class Holder {
        static final Engine ENGINE = start();
    }

    private static Engine start() {
        // Both must be set before DJL's first class is initialised: it reads them once and otherwise asks the network.
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
        setIfAbsent("ai.djl.pytorch.num_threads", "1");
        return Engine.getEngine("PyTorch");
    }

    private static void setIfAbsent(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    /**
     * Sets over how many threads a computation may spread its networks.
     *
     * @param threads at least 1
     */
    public static void useThreads(int threads) {
        Torch.threads = threads;
    }

    /**
     * Over how many threads a computation may spread its networks; one per processor unless set otherwise, and one on a GPU,
     * which is parallel in itself.
     */
    public static int threads() {
        return ComputeDevice.current().isGpu() ? 1 : threads;
    }

    /**
     * A new root manager on the calling thread's {@link ComputeDevice}; the caller closes it, which frees all native memory
     * it holds.
     */
    public static NDManager manager() {
        return Holder.ENGINE.newBaseManager(ComputeDevice.current().device());
    }

    /**
     * An array with these values in memory of libtorch's own.
     *
     * <p>DJL's {@code create} reads the Java buffer in place, wherever that lies; matrix products add in an order that
     * depends on the alignment of their operands, so that results would differ in the last bit from one run to the next.
     *
     * @param values as many as the shape has elements, row-major
     */
    public static NDArray array(NDManager manager, float[] values, Shape shape) {
        try (NDArray buffer = manager.create(values, shape)) {
            return buffer.duplicate();
        }
    }

    /** A vector with these values in memory of libtorch's own. */
    public static NDArray array(NDManager manager, float[] values) {
        return array(manager, values, new Shape(values.length));
    }

    /** Writes values over those of a vector, so that its views see them. */
    public static void overwrite(NDArray vector, float[] values) {
        try (NDArray array = array(vector.getManager(), values)) {
            vector.set(new NDIndex(":"), array);
        }
    }

    /** A second handle on an array, whose results belong to another manager; the array stays where it is. */
    public static NDArray borrow(NDManager manager, NDArray array) {
        NDArray handle = array.stopGradient();
        handle.attach(manager);
        return handle;
    }

    /** What computes here: the version of {@code libtorch}, and where it finds GPUs that of {@code cuda} and their number. */
    public static Map<String, String> versions() {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("libtorch", engine().getVersion());
        int gpus = engine().getGpuCount();
        if (gpus > 0) {
            out.put("cuda", CudaUtils.getCudaVersionString());
            out.put("gpus", "%d of compute capability %s".formatted(gpus, CudaUtils.getComputeCapability(0)));
        }
        return out;
    }

    /** The engine, for gradient collectors. */
    public static Engine engine() {
        return Holder.ENGINE;
    }
}
