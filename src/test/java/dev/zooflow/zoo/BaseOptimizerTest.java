package dev.zooflow.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.zooflow.experiment.ZooSpec.Optimizer;
import dev.zooflow.tensor.Torch;
import org.junit.jupiter.api.Test;

/** The updates against the recurrences of the papers, in double precision, on the gradient 2θ − 1. */
final class BaseOptimizerTest {

    private static final double RATE = 0.05;
    private static final int STEPS = 20;

    @Test
    void adamWithDecoupledDecay() {
        double decay = 0.1;
        double theta = 2;
        double m = 0;
        double v = 0;
        for (int t = 1; t <= STEPS; t++) {
            double g = 2 * theta - 1;
            m = 0.9 * m + 0.1 * g;
            v = 0.999 * v + 0.001 * g * g;
            theta -= RATE * decay * theta;
            theta -= RATE * (m / (1 - Math.pow(0.9, t))) / (Math.sqrt(v / (1 - Math.pow(0.999, t))) + 1e-8);
        }
        assertThat(run(Optimizer.ADAM, decay)).isCloseTo((float) theta, within(1e-5f));
    }

    @Test
    void stochasticGradientDescentWithMomentumAndCoupledDecay() {
        double decay = 0.1;
        double theta = 2;
        double v = 0;
        for (int t = 1; t <= STEPS; t++) {
            v = 0.9 * v + (2 * theta - 1) + decay * theta;
            theta -= RATE * v;
        }
        assertThat(run(Optimizer.SGD, decay)).isCloseTo((float) theta, within(1e-5f));
    }

    private static float run(Optimizer kind, double decay) {
        Descent spec = new Descent(kind, RATE, 0.9, decay, 1);
        try (NDManager manager = Torch.manager()) {
            NDArray theta = manager.create(new float[] {2});
            BaseOptimizer optimizer = BaseOptimizer.of(spec, manager, theta);
            for (int t = 0; t < STEPS; t++) {
                optimizer.step(theta, theta.mul(2).sub(1));
            }
            return theta.getFloat();
        }
    }
}
