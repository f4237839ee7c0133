package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.experiment.BackboneSpec;
import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.experiment.FlowSpec.Prediction;
import dev.zooflow.graph.LayerLayout;
import dev.zooflow.nn.Backbone;
import dev.zooflow.nn.Dropout;
import dev.zooflow.nn.Parameters;
import dev.zooflow.tensor.Torch;
import org.jspecify.annotations.Nullable;

/**
 * A backbone between its scales: reads x / s_in (global coordinates relative to the reference), returns
 * base + s_out ⊙ output, so that an untrained network predicts the base, or what {@link Preconditioning} makes of it.
 */
final class FlowNetwork {

    private final Backbone backbone;
    private final LayerLayout layout;
    private final NDArray inverseInput;
    private final NDArray shift;
    private final NDArray base;
    private final NDArray outputScale;
    private final @Nullable Preconditioning preconditioning;
    private final @Nullable NDArray reference;

    /**
     * Places the scales in a manager that outlives the network's use.
     *
     * @param truncation factor on outputs, that is on deviations from the base; 1 in training
     */
    FlowNetwork(
            NDManager manager,
            Backbone backbone,
            FlowSpec spec,
            LayerLayout layout,
            CoordinateScale scale,
            double truncation) {
        this.backbone = backbone;
        this.layout = layout;
        int size = scale.reference().length;
        float[] inverse = new float[size];
        float[] offset = new float[size];
        float[] scaledReference = new float[size];
        for (int i = 0; i < size; i++) {
            boolean global = i >= layout.size();
            inverse[i] = 1 / (global ? scale.outputScale()[i] : scale.inputScale()[i]);
            offset[i] = global ? scale.reference()[i] : 0;
            scaledReference[i] = global ? 0 : scale.reference()[i] * inverse[i];
        }
        Shape row = new Shape(1, size);
        this.inverseInput = Torch.array(manager, inverse, row);
        this.shift = Torch.array(manager, offset, row);
        this.base = Torch.array(manager, scale.base(), row);
        this.outputScale = Torch.array(manager, scale.outputScale(), row).muli(truncation);
        this.preconditioning = spec.prediction() == Prediction.X1_PRECONDITIONED
                ? Preconditioning.of(manager, scale, truncation)
                : null;
        this.reference = spec.backbone().referenceFeatures() ? Torch.array(manager, scaledReference, row) : null;
    }

    /** The backbone that a specification asks for. */
    static Backbone backbone(BackboneSpec spec, WeightSpace space) {
        return Backbone.of(spec, space.layout(), space.size());
    }

    /** The output in the flow's coordinates: xt [B, P], t [B, 1] → [B, P]. */
    NDArray forward(Parameters parameters, NDArray xt, NDArray t) {
        return forward(parameters, xt, t, Dropout.NONE);
    }

    /** The output in training. */
    NDArray forward(Parameters parameters, NDArray xt, NDArray t, Dropout dropout) {
        NDArray x = xt.sub(shift).mul(inverseInput);
        NDArray raw = backbone.forward(parameters, layout, x, reference, t, dropout);
        return preconditioning == null ? raw.mul(outputScale).add(base) : preconditioning.endPoint(raw, xt, t);
    }
}
