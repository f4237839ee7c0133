package dev.zooflow.rebasin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.random.RandomGenerator;

/**
 * What Sinkhorn re-basin minimises over (relaxed) permutations P of a network θ (Peña et al. 2023, section 4).
 *
 * <p>Legend: n networks, D parameters.
 */
public sealed interface RebasinObjective {

    /**
     * The cost of each network; networks do not interact. Differentiable in {@code moved}.
     *
     * @param reference [1, D]
     * @param moved Pθ, [n, D]
     * @param seed of this evaluation
     * @return [n]
     */
    NDArray cost(NDArray reference, NDArray moved, Seed seed);

    /** ‖θ_ref − Pθ‖². */
    record L2() implements RebasinObjective {
        @Override
        public NDArray cost(NDArray reference, NDArray moved, Seed seed) {
            return moved.sub(reference).square().sum(new int[] {1});
        }
    }

    /** The task loss at ½ (θ_ref + Pθ). */
    record MidPoint(BatchLoss loss) implements RebasinObjective {
        @Override
        public NDArray cost(NDArray reference, NDArray moved, Seed seed) {
            return loss.of(between(reference, moved, 0.5f), seed);
        }
    }

    /** The task loss at (1 − λ) θ_ref + λ Pθ with λ uniform in [0, 1), drawn anew for each network and evaluation. */
    record RandomPoint(BatchLoss loss) implements RebasinObjective {
        @Override
        public NDArray cost(NDArray reference, NDArray moved, Seed seed) {
            RandomGenerator random = seed.child("lambda").generator();
            float[] lambda = new float[Math.toIntExact(moved.getShape().get(0))];
            for (int i = 0; i < lambda.length; i++) {
                lambda[i] = random.nextFloat();
            }
            return loss.of(between(reference, moved, lambda), seed);
        }
    }

    // (1 − λ) θ_ref + λ Pθ, with one λ for all networks or one for each.
    private static NDArray between(NDArray reference, NDArray moved, float... lambda) {
        NDArray weight = Torch.array(moved.getManager(), lambda, new Shape(lambda.length, 1));
        return moved.sub(reference).mul(weight).add(reference);
    }
}
