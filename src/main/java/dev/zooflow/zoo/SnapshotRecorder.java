package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;

/** Collects the snapshots of n networks that are trained together, until each becomes a {@link Trajectory}. */
final class SnapshotRecorder {

    private final LayerLayout layout;
    private final int[] steps;
    private final float[][] weights;
    private final float[][] accuracy;
    private int taken;

    /** Takes one snapshot of n networks after each of these steps. */
    SnapshotRecorder(LayerLayout layout, int[] steps, int n) {
        this.layout = layout;
        this.steps = steps;
        this.weights = new float[n][steps.length * layout.size()];
        this.accuracy = new float[n][steps.length];
    }

    /**
     * Takes the next snapshot of every network.
     *
     * @param theta [n, D]
     * @param validationAccuracy [n]
     * @return the first network whose weights are not finite, -1 if there is none
     */
    int record(NDArray theta, float[] validationAccuracy) {
        float[] values = theta.toFloatArray();
        int size = layout.size();
        for (int i = 0; i < weights.length; i++) {
            System.arraycopy(values, i * size, weights[i], taken * size, size);
            accuracy[i][taken] = validationAccuracy[i];
        }
        taken++;
        for (int k = 0; k < values.length; k++) {
            if (!Float.isFinite(values[k])) {
                return k / size;
            }
        }
        return -1;
    }

    /** What was recorded of one network; every snapshot must have been taken. */
    Trajectory trajectory(int network, int index, boolean heldOut) {
        WeightBatch snapshots = new WeightBatch(layout.architecture(), weights[network]);
        return new Trajectory(index, heldOut, steps.clone(), accuracy[network], snapshots);
    }
}
