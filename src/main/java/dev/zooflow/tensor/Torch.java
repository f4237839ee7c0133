package dev.zooflow.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;

/** libtorch in this process. Every computation of the program gets its root {@link NDManager} here. */
public final class Torch {

    private Torch() {}

    private static final class Holder {
        static final Engine ENGINE = start();
    }

    private static Engine start() {
        // Both must be set before DJL's first class is initialised: it reads them once and otherwise asks the network.
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
        setIfAbsent("ai.djl.pytorch.num_interop_threads", "1");
        return Engine.getEngine("PyTorch");
    }

    private static void setIfAbsent(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }

    /**
     * Sets the threads that one operation of libtorch may use; counts only before the first manager is made.
     *
     * @param threads at least 1
     */
    public static void useThreads(int threads) {
        System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    }

    /** A new root manager on the CPU; the caller closes it, which frees all native memory it holds. */
    public static NDManager manager() {
        return manager(Device.cpu());
    }

    /** A new root manager on a device; the caller closes it, which frees all native memory it holds. */
    public static NDManager manager(Device device) {
        return Holder.ENGINE.newBaseManager(device);
    }

    /** The engine, for gradient collectors. */
    public static Engine engine() {
        return Holder.ENGINE;
    }
}
