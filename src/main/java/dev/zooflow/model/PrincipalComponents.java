package dev.zooflow.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.zooflow.tensor.Torch;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The directions in which networks vary most: z = V (x − μ), x ≈ μ + Vᵀ z, with orthonormal rows V in the order of falling
 * variance. What lies outside their span is lost.
 *
 * <p>They come from the n × n Gram matrix of the centred networks (Turk &amp; Pentland 1991; "dual" PCA), because n is far
 * below D: for an eigenvector u of eigenvalue λ, the component is Xᵀu/√λ.
 *
 * <p>Legend: n networks, D weights, K components.
 *
 * @param mean μ, [D]
 * @param components V, [K, D] row-major
 */
record PrincipalComponents(float[] mean, float[] components) {

    // Directions whose variance is a smaller share of the largest are round-off.
    private static final double SMALLEST_SHARE = 1e-9;

    /** K. */
    int count() {
        return components.length / mean.length;
    }

    /**
     * The first K components of networks.
     *
     * @param x [n, D]
     * @throws IllegalArgumentException when the networks span fewer than K directions
     */
    static PrincipalComponents of(NDArray x, int count) {
        try (NDManager scope = x.getManager().newSubManager()) {
            NDArray mean = x.mean(new int[] {0}, true);
            NDArray centred = x.sub(mean);
            mean.attach(scope);
            centred.attach(scope);
            NDArray combine = Torch.array(
                    scope,
                    dual(centred.matMul(centred.transpose()), count),
                    new Shape(count, x.getShape().get(0)));
            return new PrincipalComponents(
                    mean.toFloatArray(), combine.matMul(centred).toFloatArray());
        }
    }

    // Rows u/√λ of the largest eigenvalues, [K, n].
    private static float[] dual(NDArray gram, int count) {
        int n = (int) gram.getShape().get(0);
        float[] values = gram.toFloatArray();
        DMatrixRMaj matrix = new DMatrixRMaj(n, n);
        for (int i = 0; i < values.length; i++) {
            matrix.data[i] = values[i];
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
        if (!eigen.decompose(matrix)) {
            throw new ArithmeticException(
                    "the eigenvalues of the zoo's %d × %d Gram matrix did not converge".formatted(n, n));
        }
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).real))
                .mapToInt(Integer::intValue)
                .toArray();
        double largest = eigen.getEigenvalue(order[0]).real;
        float[] out = new float[count * n];
        for (int k = 0; k < count; k++) {
            double value = k < n ? eigen.getEigenvalue(order[k]).real : 0;
            if (!(value > SMALLEST_SHARE * largest)) {
                throw new IllegalArgumentException(
                        "pca-components (%d) are more than the %d directions that %d networks span. Maybe %d?"
                                .formatted(count, k, n, k));
            }
            DMatrixRMaj u = eigen.getEigenVector(order[k]);
            for (int i = 0; i < n; i++) {
                out[k * n + i] = (float) (u.get(i) / Math.sqrt(value));
            }
        }
        return out;
    }

    /** Weights to coordinates: [n, D] → [n, K]. */
    NDArray encode(NDArray x) {
        return x.sub(row(x)).matMul(matrix(x).transpose());
    }

    /** Coordinates to weights: [n, K] → [n, D]. */
    NDArray decode(NDArray z) {
        return z.matMul(matrix(z)).add(row(z));
    }

    private NDArray row(NDArray like) {
        return Torch.array(like.getManager(), mean, new Shape(1, mean.length));
    }

    private NDArray matrix(NDArray like) {
        return Torch.array(like.getManager(), components, new Shape(count(), mean.length));
    }
}
