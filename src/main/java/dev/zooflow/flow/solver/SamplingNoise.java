package dev.zooflow.flow.solver;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.manifold.Manifold;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;

/**
 * Noise that makes sampling stochastic: before a step from t ≥ {@code from}, a point moves by exp_x(ε s ⊙ z) with z
 * standard normal, projected to the tangent space.
 *
 * @param epsilon ε, ≥ 0; 0 is no noise
 * @param from earliest time at which noise is added
 * @param scale s, [1, P]: the standard deviation of the source in each coordinate
 * @param seed of the noise; step k uses its child k
 */
public record SamplingNoise(double epsilon, double from, NDArray scale, Seed seed) implements Perturbation {

    @Override
    public NDArray apply(Manifold manifold, NDArray x, double t, int step) {
        if (epsilon == 0 || t < from) {
            return x;
        }
        Shape shape = x.getShape();
        float[] z = seed.child(step).gaussian(Math.toIntExact(shape.size()));
        NDArray u = Torch.array(x.getManager(), z, shape).muli(scale).muli(epsilon);
        return manifold.expmap(x, manifold.proju(x, u));
    }
}
