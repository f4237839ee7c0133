package dev.zooflow.flow.likelihood;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Seed;
import dev.zooflow.tensor.Torch;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Vectors ε with E[ε εᵀ] = I, which estimate a trace by εᵀ J ε (Hutchinson, Commun. Stat. Simul. Comput. 18, 1989); or all
 * vectors of a basis, whose sum is the trace.
 *
 * <p>Legend: B points, P coordinates.
 *
 * @param vectors each [B, P]
 * @param isBasis whether their values add up to the trace, instead of each estimating it
 */
public record Probes(List<NDArray> vectors, boolean isBasis) {

    /** Copies the list. */
    public Probes {
        vectors = List.copyOf(vectors);
    }

    /** Random signs: of all independent probes those with the smallest variance. */
    public static Probes rademacher(NDManager manager, Shape shape, int count, Seed seed) {
        List<NDArray> vectors = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            RandomGenerator random = seed.child(k).generator();
            float[] signs = new float[Math.toIntExact(shape.size())];
            for (int i = 0; i < signs.length; i++) {
                signs[i] = random.nextBoolean() ? 1 : -1;
            }
            vectors.add(Torch.array(manager, signs, shape));
        }
        return new Probes(vectors, false);
    }

    /** Standard normal vectors. */
    public static Probes gaussian(NDManager manager, Shape shape, int count, Seed seed) {
        List<NDArray> vectors = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            vectors.add(Torch.array(manager, seed.child(k).gaussian(Math.toIntExact(shape.size())), shape));
        }
        return new Probes(vectors, false);
    }

    /** The P coordinate axes: exact, and P times as costly as one probe. */
    public static Probes basis(NDManager manager, Shape shape) {
        int size = Math.toIntExact(shape.get(1));
        List<NDArray> vectors = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            float[] axis = new float[size];
            axis[i] = 1;
            vectors.add(Torch.array(manager, axis, new Shape(1, size)).repeat(0, shape.get(0)));
        }
        return new Probes(vectors, true);
    }

    /** K, the number of independent estimates of a trace. */
    public int estimates() {
        return isBasis ? 1 : vectors.size();
    }
}
