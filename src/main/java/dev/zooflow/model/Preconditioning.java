package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Torch;

/**
 * What stands around a backbone that predicts the end point of a path, so that it has to learn only what a linear guess
 * leaves open (Karras et al., NeurIPS 2022, section 5, for the straight path).
 *
 * <p>If x0 ~ N(0, s0²) and x1 ~ N(b, s1²) were independent, the end point expected at xt = (1−t) x0 + t x1 would be
 * b + c_skip (xt − t b) with variance c_out², where v = t² s1² + (1−t)² s0², c_skip = t s1²/v and c_out = (1−t) s0 s1/√v.
 * The prediction is x̂1 = b + τ (c_skip (xt − t b) + c_out F): the base at t = 0, and for τ = 1 xt itself at t = 1, so
 * that an error of F moves the velocity (x̂1 − xt)/(1−t) by no more than s1 times its size at any time. Where the output is
 * added to the base alone, errors near t = 1 are divided by 1−t.
 *
 * <p>Legend: B batch, P coordinates.
 *
 * @param base b, [1, P]
 * @param source s0, [1, P]
 * @param data s1, [1, P]
 * @param truncation τ, [1, P]
 */
record Preconditioning(NDArray base, NDArray source, NDArray data, NDArray truncation) {

    private static final float SMALLEST = 1e-4f;

    /** The one of some scales, placed in a manager that outlives its use. */
    static Preconditioning of(NDManager manager, CoordinateScale scale, double truncation) {
        Shape row = new Shape(1, scale.base().length);
        return new Preconditioning(
                Torch.array(manager, scale.base(), row),
                Torch.array(manager, scale.noiseScale(), row).maximum(SMALLEST),
                Torch.array(manager, scale.outputScale(), row),
                manager.full(row, (float) truncation));
    }

    /**
     * The predicted end point, [B, P].
     *
     * @param output F of the backbone, [B, P]
     * @param xt [B, P]
     * @param t [B, 1], in [0, 1]
     */
    NDArray endPoint(NDArray output, NDArray xt, NDArray t) {
        NDArray end = t.mul(data);
        NDArray start = t.neg().add(1).mul(source);
        NDArray variance = end.square().add(start.square());
        NDArray skip = end.mul(data).div(variance);
        NDArray out = start.mul(data).div(variance.sqrt());
        NDArray deviation = skip.mul(xt.sub(t.mul(base))).add(out.mul(output));
        return base.add(deviation.mul(truncation));
    }
}
