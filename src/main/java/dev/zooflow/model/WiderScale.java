package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.graph.CoordinateGroups;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.graph.WeightBatch;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/**
 * The reference and the scales of a flow at other hidden widths, for which there is no zoo to measure them.
 *
 * <p>The reference is the trained one with repeated neurons ({@link Widening}), in the flow's coordinates. The data's
 * spread in a group follows the size of the reference in that group: repetition divides outgoing weights by the number of
 * copies, and canonical rows get smaller entries the longer they are. The source is measured. Global coordinates keep
 * their scales.
 */
final class WiderScale {

    private static final int SOURCE_SAMPLES = 256;

    private final WeightFlow flow;
    private final WeightSpace narrow;
    private final WeightSpace wide;
    private final NDManager manager;

    private WiderScale(WeightFlow flow, WeightSpace narrow, WeightSpace wide, NDManager manager) {
        this.flow = flow;
        this.narrow = narrow;
        this.wide = wide;
        this.manager = manager;
    }

    /**
     * The scale of a flow for a wider layout.
     *
     * @throws IllegalArgumentException when the layout is not that of the flow with wider hidden layers
     */
    static CoordinateScale of(WeightFlow flow, LayerLayout wider) {
        WeightSpace narrow = WeightSpace.of(flow.spec(), LayerLayout.of(flow.architecture()));
        WeightSpace wide = WeightSpace.of(flow.spec(), wider);
        try (NDManager manager = Torch.manager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            return new WiderScale(flow, narrow, wide, manager).scale();
        }
    }

    private CoordinateScale scale() {
        CoordinateScale from = flow.scale();
        float[] reference = reference(from.reference());
        float[] source = new Source(wide, flow.sourceStd())
                .sample(manager, SOURCE_SAMPLES, new Seed(SOURCE_SAMPLES))
                .toFloatArray();
        int size = wide.size();
        CoordinateScale to = new CoordinateScale(
                reference,
                isZero(from.base()) ? new float[size] : reference,
                new float[size],
                new float[size],
                new float[size],
                new float[size]);
        fill(
                from,
                to,
                CoordinateScale.groups(flow.spec().backbone(), narrow.layout(), narrow.size()),
                CoordinateScale.groups(flow.spec().backbone(), wide.layout(), size),
                source);
        return to;
    }

    private float[] reference(float[] narrowReference) {
        NDArray theta = narrow.decode(Torch.array(manager, narrowReference, new Shape(1, narrow.size())));
        WeightBatch repeated = new Widening(narrow.layout(), wide.layout())
                .apply(new WeightBatch(narrow.layout().architecture(), theta.toFloatArray()));
        return wide.encode(Torch.array(
                        manager, repeated.theta(), new Shape(1, wide.layout().size())))
                .toFloatArray();
    }

    private void fill(
            CoordinateScale from, CoordinateScale to, CoordinateGroups before, CoordinateGroups after, float[] source) {
        double[] sourceSquare = after.meanSquare(source);
        double[] narrowSquare = before.meanSquare(from.reference());
        double[] wideSquare = after.meanSquare(to.reference());
        int[] representative = new int[before.count()];
        for (int i = 0; i < before.of().length; i++) {
            representative[before.of()[i]] = i;
        }
        for (int i = 0; i < after.of().length; i++) {
            int group = after.of()[i];
            int k = representative[group];
            boolean global = k >= narrow.layout().size();
            double ratio = global || narrowSquare[group] == 0 ? 1 : Math.sqrt(wideSquare[group] / narrowSquare[group]);
            double input = from.inputScale()[k];
            double dataSquare = Math.max(0, 2 * input * input - from.noiseScale()[k] * (double) from.noiseScale()[k]);
            double widerInput = Math.sqrt((sourceSquare[group] + ratio * ratio * dataSquare) / 2);
            to.inputScale()[i] = (float) widerInput;
            to.outputScale()[i] = (float) (from.outputScale()[k] * (endPoint() ? ratio : widerInput / input));
            to.noiseScale()[i] = (float) Math.sqrt(sourceSquare[group]);
        }
    }

    private boolean endPoint() {
        return flow.spec().prediction().endPoint();
    }

    private static boolean isZero(float[] values) {
        for (float v : values) {
            if (v != 0) {
                return false;
            }
        }
        return true;
    }
}
