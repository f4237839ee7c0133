package dev.zooflow.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Autograd;
import dev.zooflow.tensor.Torch;

/**
 * Adam with decoupled weight decay (Loshchilov &amp; Hutter, ICLR 2019) on a flat parameter array; with a decay of 0 it is
 * Adam (Kingma &amp; Ba, ICLR 2015). Weight decay acts on weights only, not on biases, gains and embeddings.
 */
public final class AdamW implements AutoCloseable {

    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.99;
    private static final double EPSILON = 1e-8;

    private final NDManager manager;
    private final NDArray mean;
    private final NDArray square;
    private final NDArray decayMask;
    private final double weightDecay;
    private final double clipNorm;
    private long step;

    /**
     * An optimiser at its start.
     *
     * @param weightDecay ≥ 0
     * @param clipNorm largest global norm of the gradient, &gt; 0
     */
    public AdamW(NDManager parent, ParameterLayout layout, double weightDecay, double clipNorm) {
        this.manager = parent.newSubManager();
        this.mean = manager.zeros(new Shape(layout.size()));
        this.square = mean.zerosLike();
        this.decayMask = Torch.array(manager, layout.decayMask());
        this.weightDecay = weightDecay;
        this.clipNorm = clipNorm;
    }

    /**
     * One step against the gradient, which is clipped in place.
     *
     * @return the norm of the gradient before clipping
     */
    public double step(NDArray parameters, NDArray gradient, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            step++;
            double norm = gradient.norm().getFloat();
            if (norm > clipNorm) {
                gradient.muli(clipNorm / norm);
            }
            mean.muli(BETA1).addi(Autograd.scale(gradient, 1 - BETA1));
            square.muli(BETA2).addi(gradient.square().muli(1 - BETA2));
            NDArray denominator = square.sqrt()
                    .muli(1 / Math.sqrt(1 - Math.pow(BETA2, (double) step)))
                    .addi(EPSILON);
            if (weightDecay > 0) {
                parameters.subi(decayMask.mul(parameters).muli(learningRate * weightDecay));
            }
            parameters.subi(mean.div(denominator).muli(learningRate / (1 - Math.pow(BETA1, (double) step))));
            return norm;
        }
    }

    /** A copy of the mean of the gradients, [P]. */
    public float[] mean() {
        return mean.toFloatArray();
    }

    /** A copy of the mean of their squares, [P]. */
    public float[] square() {
        return square.toFloatArray();
    }

    /** Goes on where an optimiser was after so many steps. */
    public void restore(long steps, float[] storedMean, float[] storedSquare) {
        step = steps;
        Torch.overwrite(mean, storedMean);
        Torch.overwrite(square, storedSquare);
    }

    @Override
    public void close() {
        manager.close();
    }
}
