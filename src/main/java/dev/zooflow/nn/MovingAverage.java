package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.tensor.Torch;

/** Exponential moving average of a flat parameter array; early steps count more, so that the start is forgotten. */
public final class MovingAverage implements AutoCloseable {

    private final NDManager manager;
    private final NDArray average;
    private final double decay;
    private long updates;

    /** Begins at the parameters' present values. */
    public MovingAverage(NDManager parent, NDArray parameters, double decay) {
        this.manager = parent.newSubManager();
        this.average = Torch.array(manager, parameters.toFloatArray());
        this.decay = decay;
    }

    /** Takes in the present values: a ← d a + (1−d) θ with d = min(decay, (1+k)/(10+k)) at update k. */
    public void update(NDArray parameters) {
        updates++;
        double d = Math.min(decay, (1.0 + updates) / (10.0 + updates));
        try (NDArray difference = parameters.sub(average)) {
            average.addi(difference.muli(1 - d));
        }
    }

    /** A copy of the average, [P]. */
    public float[] values() {
        return average.toFloatArray();
    }

    /** Goes on where an average was after so many updates. */
    public void restore(long storedUpdates, float[] values) {
        updates = storedUpdates;
        Torch.overwrite(average, values);
    }

    @Override
    public void close() {
        manager.close();
    }
}
