package dev.zooflow.zoo;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;

/**
 * The optimiser of base training, elementwise, so that many networks are one array. All state belongs to the manager it
 * was made with. libtorch's fused updates take one native call instead of a dozen.
 */
interface BaseOptimizer {

    /** Changes {@code theta} in place by one step against {@code gradient}, both of one shape. */
    void step(NDArray theta, NDArray gradient);

    /** The optimiser that a descent asks for, at its start, for weights shaped like {@code theta}. */
    static BaseOptimizer of(Descent spec, NDManager manager, NDArray theta) {
        NDArray first = manager.zeros(theta.getShape());
        return switch (spec.optimizer()) {
            case ADAM -> new Adam(spec, first, manager.zeros(theta.getShape()));
            case SGD -> new Sgd(spec, first);
        };
    }

    /**
     * Adam (Kingma &amp; Ba, ICLR 2015) with β = (0.9, 0.999), ε = 1e-8 and decoupled weight decay (Loshchilov &amp; Hutter,
     * ICLR 2019).
     */
    final class Adam implements BaseOptimizer {
        private static final float BETA1 = 0.9f;
        private static final float BETA2 = 0.999f;
        private static final double EPSILON = 1e-8;
        private static final float NO_RESCALING = 1f;
        private static final float NO_CLIPPING = -1f;

        private final Descent spec;
        private final NDArray mean;
        private final NDArray square;
        private int step;

        Adam(Descent spec, NDArray mean, NDArray square) {
            this.spec = spec;
            this.mean = mean;
            this.square = square;
        }

        @Override
        public void step(NDArray theta, NDArray gradient) {
            step++;
            // m̂ / (√v̂ + ε) with both bias corrections drawn out of the fraction.
            double root = Math.sqrt(1 - Math.pow(BETA2, step));
            double rate = spec.learningRate() * root / (1 - Math.pow(BETA1, step));
            JniUtils.adamUpdate(
                    (PtNDArray) theta,
                    (PtNDArray) gradient,
                    (PtNDArray) mean,
                    (PtNDArray) square,
                    (float) spec.learningRate(),
                    (float) rate,
                    (float) spec.weightDecay(),
                    NO_RESCALING,
                    NO_CLIPPING,
                    BETA1,
                    BETA2,
                    (float) (EPSILON * root),
                    true);
        }
    }

    /** Stochastic gradient descent with momentum: v ← μ v - λ (g + w θ), θ ← θ + v. */
    final class Sgd implements BaseOptimizer {
        private static final float NO_RESCALING = 1f;
        private static final float NO_CLIPPING = -1f;

        private final Descent spec;
        private final NDArray velocity;

        Sgd(Descent spec, NDArray velocity) {
            this.spec = spec;
            this.velocity = velocity;
        }

        @Override
        public void step(NDArray theta, NDArray gradient) {
            JniUtils.sgdUpdate(
                    (PtNDArray) theta,
                    (PtNDArray) gradient,
                    (PtNDArray) velocity,
                    (float) spec.learningRate(),
                    (float) spec.weightDecay(),
                    NO_RESCALING,
                    NO_CLIPPING,
                    (float) spec.momentum());
        }
    }
}
