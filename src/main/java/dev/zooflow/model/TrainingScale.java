package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.tensor.Seed;

/**
 * The scales of a flow's coordinates, measured on its data and on samples of its source.
 *
 * <p>Legend: N training networks, P coordinates.
 */
final class TrainingScale {

    private static final int SOURCE_SAMPLES = 256;

    private TrainingScale() {}

    /**
     * Measures the scales.
     *
     * @param data x1, [N, P]
     * @param seed of the training
     */
    static CoordinateScale measure(FlowSpec spec, WeightSpace space, Source source, NDArray data, Seed seed) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray x0 = source.sample(data.getManager(), SOURCE_SAMPLES, seed.child("scale"));
            NDArray mean = space.geometry().points().projx(data.mean(new int[] {0}, true));
            float[] reference = mean.toFloatArray();
            float[] zeros = new float[reference.length];
            float[] x1 = data.toFloatArray();
            boolean fromReference =
                    spec.prediction().endPoint() && spec.backbone().referenceFeatures();
            float[] target = spec.prediction().endPoint() ? x1 : velocities(space, x0, data, seed);
            return CoordinateScale.measure(
                    spec.backbone(),
                    space.layout(),
                    target,
                    x1,
                    x0.toFloatArray(),
                    reference,
                    fromReference ? reference : zeros);
        }
    }

    private static float[] velocities(WeightSpace space, NDArray x0, NDArray data, Seed seed) {
        NDManager manager = data.getManager();
        long[] rows = new Seed(seed.value())
                .child("scale-rows")
                .generator()
                .longs(SOURCE_SAMPLES, 0, data.getShape().get(0))
                .toArray();
        NDArray x1 = data.get(manager.create(rows));
        NDArray t = manager.zeros(new Shape(SOURCE_SAMPLES, 1));
        return space.geometry()
                .probPath()
                .sample(x0, x1, t, x0.zerosLike())
                .dxt()
                .toFloatArray();
    }
}
